import { expect, it } from "vitest";
import { allSecrets, allTexts, leaksIn, planted } from "./markers.ts";

it.each([...allSecrets, ...allTexts, planted].map((one) => [one.name, one] as const))(
  "finds a %s in whatever form it stands, and a piece of it",
  (name, marker) => {
    const { value, tag } = marker;
    const forms = [
      value,
      JSON.stringify({ deep: [value] }),
      encodeURIComponent(value),
      value.slice(0, tag.length + 3),
      ...["", "u", "us", "user:"].map((before) => Buffer.from(before + value).toString("base64")),
    ];
    for (const form of forms) expect(leaksIn(`a line with ${form} in it`, [marker]), form).toEqual([name]);
    expect(leaksIn("a line without", [marker])).toEqual([]);
  },
);
