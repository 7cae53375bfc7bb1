import type { AgentRef } from "./agent-ref.ts";
import type { Audit } from "./audit.ts";

/** Hears of evidence. Called in passing: it must be cheap and must not throw. */
export interface AuditObserver {
  /** An agent paused for people. */
  requested(agent: AgentRef): void;
  /** Somebody who may not decide tried to. */
  refused(): void;
  /** A record could not be made durable. */
  failed(): void;
}

/** Evidence, with somebody who hears of it. */
export function observeAudit<T extends Audit>(audit: T, observer: AuditObserver): T {
  return {
    ...audit,
    async write(record) {
      if (record.event === "requested") observer.requested(record.agent);
      if (record.event === "refused") observer.refused();
      try {
        await audit.write(record);
      } catch (error) {
        observer.failed();
        throw error;
      }
    },
  };
}
