import { describe } from "vitest";
import { redactionSuite } from "./suite.ts";

describe("a bot that logs at info tells no secret and nobody's words:", () => redactionSuite("info"));
