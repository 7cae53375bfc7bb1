import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { textsIn, withoutEcho } from "../../src/conversation/echo.ts";

const PROMPT = "why is checkout failing since noon?";

describe("words of others without what they repeat", () => {
  it("keep what is theirs", () => {
    expect(withoutEcho(`invalid prompt: ${PROMPT} (400)`, [PROMPT])).toBe("invalid prompt: … (400)");
    expect(withoutEcho("dial tcp: connection refused", [PROMPT])).toBe("dial tcp: connection refused");
  });

  it("lose a quotation that was cut, or that JSON escapes", () => {
    expect(withoutEcho("input 'why is checko...ailing since noon?' is too long", [PROMPT])).toBe(
      "input '…...…' is too long",
    );
    const lines = 'first line\nand "the second" line';
    expect(withoutEcho(JSON.stringify({ input: lines }), [lines])).toBe('{"input":"…"}');
  });

  it("keep single words that were said too", () => {
    expect(withoutEcho("failed to restart the pod", ["restart", "pod"])).toBe("failed to restart the pod");
  });

  it("never hold a stretch of twelve characters that was said", () => {
    const word = fc.stringMatching(/^[ab "\\]{12,40}$/);
    fc.assert(
      fc.property(word, fc.string(), fc.string(), fc.nat(40), (said, before, after, cut) => {
        const left = withoutEcho(before + said.slice(0, Math.max(12, cut)) + after, [said]);
        for (let at = 0; at + 12 <= said.length; at += 1) {
          expect(left).not.toContain(said.slice(at, at + 12));
        }
      }),
    );
  });

  it("are bounded, and no beginning of a quotation stays at the cut", () => {
    const long = `${"x".repeat(4_090)}${PROMPT}`;
    expect(withoutEcho(long, [PROMPT])).toBe(`${"x".repeat(4_084)}…`);
  });

  it("are found quickly in a question with long files", () => {
    const said = Array.from({ length: 50_000 }, (_, line) => `line ${line}`).join("\n");
    const began = performance.now();
    expect(withoutEcho(`cannot parse ${said.slice(1_000, 3_000)}!`, [said])).toBe("cannot parse …!");
    expect(performance.now() - began).toBeLessThan(2_000);
  });
});

it("finds every text of a value, and looks into no bytes", () => {
  const value = { a: "one", b: [{ c: "two" }, 3, null, new Uint8Array([65])], d: undefined };
  expect(textsIn(value)).toEqual(["one", "two"]);
});
