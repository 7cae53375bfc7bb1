import type { LineAddress } from "./findings.ts";
import type { AuditHead } from "./head.ts";
import type { SealedLine } from "./line.ts";

/** Records that stand one after the other; the first of them follows record `start`. */
interface Branch {
  /** Where it leaves another branch; absent: what it follows was not read. */
  readonly from?: Fork;
  readonly start: number;
  readonly address?: LineAddress;
  last: AuditHead | undefined;
}

/** A record that others may follow besides the next one of its branch. */
interface Fork {
  readonly branch: Branch;
  readonly seq: number;
  readonly successors: Set<string>;
  /** Where its branch goes on. */
  next?: LineAddress;
}

/** Which of the branches is the chain, and what stands beside it. */
interface Outcome {
  /** Whether the record of the head was read. */
  readonly holdsHead: boolean;
  readonly last?: AuditHead;
  readonly beside: Beside;
}

/** Records that are sound and no part of the chain: their writer was killed or overtaken before the head was moved. */
export interface Beside {
  readonly records: number;
  readonly first?: LineAddress;
}

/** The records that were read, as a tree. */
export interface Branches {
  /** A record that goes on where the last one was put. */
  add(line: SealedLine, address: LineAddress): void;
  /** Puts a record after one of `marks`; false when that was not read. */
  fork(line: SealedLine, address: LineAddress): boolean;
  /** Puts a record where nothing before it is known. */
  island(line: SealedLine, address: LineAddress): void;
  /** Whether this very record was read, as far as it follows one of `marks`. */
  knows(line: SealedLine): boolean;
  outcome(): Outcome;
}

/**
 * Keeps the records of a trail apart that follow the same one. `marks` are the hashes after which that may happen, so that the
 * memory grows with them and not with the records. The chain is the longest branch, of those with the head where there is one.
 */
export function createBranches(
  marks: ReadonlySet<string>,
  after: AuditHead,
  head: AuditHead | undefined,
): Branches {
  const forks = new Map<string, Fork>();
  let current: Branch = { start: after.seq, last: undefined };
  const branches = [current];
  mark(after);

  function mark({ seq, hash }: AuditHead): void {
    if (marks.has(hash) || hash === head?.hash)
      forks.set(hash, { branch: current, seq, successors: new Set() });
  }

  function begin(branch: Branch, line: SealedLine, address: LineAddress): void {
    current = branch;
    branches.push(branch);
    add(line, address);
  }

  function add({ seq, prev, hash }: SealedLine, address: LineAddress): void {
    const fork = forks.get(prev);
    fork?.successors.add(hash);
    if (fork?.branch === current) fork.next = address;
    current.last = { seq, hash };
    mark(current.last);
  }

  return {
    add,
    fork(line, address) {
      const from = forks.get(line.prev);
      if (from?.seq !== line.seq - 1) return false;
      begin({ from, start: from.seq, address, last: undefined }, line, address);
      return true;
    },
    island: (line, address) => begin({ start: line.seq - 1, address, last: undefined }, line, address),
    knows: ({ prev, hash }) => forks.get(prev)?.successors.has(hash) === true,
    outcome() {
      const end = head && forks.get(head.hash);
      const chain = pathTo(longest(end ? heirs(branches, end) : branches));
      const last = [...chain.keys()][0]?.last;
      return { holdsHead: end !== undefined, ...(last ? { last } : {}), beside: besideOf(branches, chain) };
    },
  };
}

/** The branches with this record, or after it. */
function heirs(branches: readonly Branch[], { branch: holder, seq }: Fork): readonly Branch[] {
  const found = new Set([holder]);
  for (const branch of branches) {
    const { from } = branch;
    if (from && (from.branch === holder ? from.seq >= seq : found.has(from.branch))) found.add(branch);
  }
  return [...found];
}

function longest(branches: readonly Branch[]): Branch | undefined {
  return [...branches].sort((one, other) => endOf(other) - endOf(one))[0];
}

/** A way back to the beginning: its branches, newest first, and up to where each belongs to it. */
type Path = ReadonlyMap<Branch, { readonly seq: number; readonly fork?: Fork }>;

function pathTo(branch: Branch | undefined): Path {
  const path = new Map<Branch, { seq: number; fork?: Fork }>();
  if (branch) path.set(branch, { seq: endOf(branch) });
  for (let fork = branch?.from; fork; fork = fork.branch.from) path.set(fork.branch, { seq: fork.seq, fork });
  return path;
}

function besideOf(branches: readonly Branch[], chain: Path): Beside {
  let records = 0;
  let first: LineAddress | undefined;
  for (const branch of branches) {
    const kept = chain.get(branch);
    const count = endOf(branch) - (kept?.seq ?? branch.start);
    if (count === 0) continue;
    records += count;
    first ??= kept ? kept.fork?.next : branch.address;
  }
  return { records, ...(first ? { first } : {}) };
}

function endOf(branch: Branch): number {
  return branch.last?.seq ?? branch.start;
}
