import { BaseSequencer, type TestSpecification } from "vitest/node";

/** The slowest first, so that no worker is left alone with them at the end. */
const PROJECTS = ["processes", "alone", "shared"];

/** Runs one project after the other: a worker is kept only for the next file of its own project. */
export class ProjectOrder extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    return PROJECTS.flatMap((name) => sorted.filter(({ project }) => project.name === name));
  }
}
