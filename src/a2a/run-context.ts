import type { InputRequest } from "../conversation/approval.ts";
import type { BridgeError } from "../conversation/errors.ts";
import type { Clock, Log } from "../conversation/ports.ts";
import type { A2ALimits } from "./options.ts";
import type { Caller } from "./rpc.ts";
import type { TaskPort } from "./task-port.ts";

/** What following one run needs. */
export interface RunContext {
  readonly port: TaskPort;
  readonly caller: Caller;
  readonly contextId: string;
  /** The pause that this run answers. */
  readonly answered?: InputRequest;
  /** The name of the agent, for sentences. */
  readonly agent: string;
  readonly clock: Clock;
  readonly limits: A2ALimits;
  readonly log: Log;
  readonly signal: AbortSignal;
  /** The sentence for a failed call. */
  readonly explain: (error: unknown) => Promise<BridgeError>;
}
