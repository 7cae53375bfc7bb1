import type { AuditRecord } from "../../src/conversation/audit.ts";

export const KEY = "a-key-of-the-operators-long-enough";

/** Neither a directory nor a key. */
export const PLAIN = { stdout: false, args: false, maxFileBytes: 1_000_000 };

/** A record whose `turnId` tells it from the others. */
export function record(turnId: string, more: Partial<AuditRecord> = {}): AuditRecord {
  return {
    event: "decided",
    at: 1_700_000_000_000,
    turnId,
    actor: { id: "1", name: "Änne \u202e 😀" },
    place: { kind: "thread", guildId: "2", channelId: "3", parentId: "4" },
    agent: { cluster: "prod", namespace: "kagent", name: "k8s-agent" },
    ...more,
  };
}
