import { expect, it } from "vitest";
import { createLog } from "../../src/telemetry/log.ts";

const TRACE = "0af7651916cd43dd8448eb211c80319c";
const OTHER = "1af7651916cd43dd8448eb211c80319c";
const of = (trace: string, span: string) => `00-${trace}-${span}-01`;

/** What is logged by `write`, where the span of `here` goes on. */
async function logged(
  here: string | undefined,
  write: (log: Awaited<ReturnType<typeof createLog>>) => void,
): Promise<unknown> {
  const lines: string[] = [];
  const log = await createLog({
    level: "info",
    pretty: false,
    secrets: [],
    belongsTo: () => (here === undefined ? {} : { traceparent: here }),
    destination: { write: (line) => lines.push(line) },
  });
  write(log);
  const { level: _, time: __, msg: ___, ...rest } = JSON.parse(lines[0] ?? "{}");
  return rest;
}

const [TURN, INNER] = ["b7ad6b7169203331", "c7ad6b7169203331"];

it.each([
  ["names the turn's trace and span", undefined, of(TRACE, TURN), { trace_id: TRACE, span_id: TURN }],
  ["names the span inside the turn", of(TRACE, INNER), of(TRACE, TURN), { trace_id: TRACE, span_id: INNER }],
  [
    "keeps to the turn inside of another trace",
    of(OTHER, INNER),
    of(TRACE, TURN),
    { trace_id: TRACE, span_id: TURN },
  ],
  ["names no span that is none", undefined, "00-0-0-01", {}],
])("a line %s", async (_what, here, traceparent, expected) => {
  expect(await logged(here, (log) => log.info({ traceparent }, "line"))).toEqual(expected);
  expect(await logged(here, (log) => log.child({ traceparent }).info({}, "line"))).toEqual(expected);
});

it("a line without a turn names what goes on", async () => {
  const line = await logged(of(TRACE, INNER), (log) => log.info({ what: 1 }, "line"));
  expect(line).toEqual({ what: 1, trace_id: TRACE, span_id: INNER });
});
