import { minutesText, type Usage } from "../../conversation/quota.ts";

/** A line for each bound: how much of it is used, and when there is room again. */
export function usageLines(usage: readonly Usage[]): readonly string[] {
  return usage.map((one) => {
    const whose = one.scope === "user" ? "You" : "This server";
    if (one.kind === "turns") return `${whose}: ${one.used} of ${one.most} conversations going on`;
    const again = one.freeAt === undefined ? "" : `, room again <t:${Math.ceil(one.freeAt / 1000)}:R>`;
    return `${whose}: ${one.used} of ${one.limit.count} questions within ${minutesText(one.limit)}${again}`;
  });
}
