import { existsSync } from "node:fs";
import { type AuditHead, HEAD, parseHead, readAuditHead, renderHead } from "../audit/head.ts";
import { type Verification, verifyTrail } from "../audit/verify.ts";
import { readVerificationConfig, type VerificationConfig } from "../config/audit.ts";
import type { ReadFile, Variables } from "../config/environment.ts";
import { STORE_URL } from "../config/read.ts";
import type { Log } from "../conversation/ports.ts";
import { openStore } from "../store/open.ts";
import { readStoreUrl } from "../store/url.ts";
import { systemClock } from "../telemetry/clock.ts";

/** What `audit verify` prints (it ends in a newline) and its exit code: 0 whole, 1 broken, 2 it could not be looked at. */
export interface VerifyResult {
  readonly text: string;
  readonly exitCode: 0 | 1 | 2;
}

/** As typed. `paths` are directories and files; none: the configured directory. */
export interface VerifyArguments {
  readonly paths: readonly string[];
  /** `seq:hash`; absent: the head in the store. */
  readonly head?: string;
  /** `seq:hash` of the record before the first, where older files are gone or have another key. */
  readonly after?: string;
  readonly json: boolean;
}

/** What a verification needs of the process. */
export interface VerifyContext {
  readonly variables: Variables;
  readonly readFile: ReadFile;
  readonly log: Log;
}

const NOT_UNDERSTOOD = "is not understood. Write the number and the hash of a record: 1234:hash.";

/** `audit verify`: whether a trail is whole, and if not where and what. Of the configuration it needs AUDIT_KEY alone. */
export async function auditVerify(typed: VerifyArguments, context: VerifyContext): Promise<VerifyResult> {
  const config = readVerificationConfig(context.variables, context.readFile);
  if (config.problems.length > 0)
    return refused(config.problems.map(({ path, sentence }) => `${path}: ${sentence}`).join("\n"));
  const given = typed.head === undefined ? undefined : parseHead(typed.head);
  if (typed.head !== undefined && !given) return refused(`--head ${NOT_UNDERSTOOD}`);
  const after = typed.after === undefined ? undefined : parseHead(typed.after);
  if (typed.after !== undefined && !after) return refused(`--after ${NOT_UNDERSTOOD}`);
  const paths = typed.paths.length > 0 ? typed.paths : config.dir === undefined ? [] : [config.dir];
  if (paths.length === 0) return refused("AUDIT_DIR is off. Name the directory or the files to verify.");
  const { head, from } = given ? { head: given, from: "--head" } : await storedHead(config, context.log);
  try {
    const verification = await verifyTrail(paths, { key: config.key, head, after });
    if (verification.needsKey)
      return refused("The trail was written with a key. Set AUDIT_KEY or AUDIT_KEY_FILE.");
    if (verification.files === 0 && !head) return refused(`There are no audit files in ${paths.join(", ")}.`);
    return shown(verification, { head, from }, typed.json);
  } catch (error) {
    return refused(`The files cannot be read: ${error instanceof Error ? error.message : String(error)}`);
  }
}

interface Expected {
  readonly head?: AuditHead | undefined;
  /** Where it is from, or why there is none. */
  readonly from: string;
}

/** The head in the store. A store that is not there is not made, and one that cannot be read is said. */
async function storedHead({ storeUrl = STORE_URL }: VerificationConfig, log: Log): Promise<Expected> {
  const address = readStoreUrl(storeUrl);
  if (address?.driver !== "sqlite" || !existsSync(address.path)) return { from: "there is no store here" };
  try {
    const store = await openStore(storeUrl, { clock: systemClock, log });
    try {
      const head = await store.collection("audit", readAuditHead).get(HEAD);
      return { head, from: head ? "the store" : "the store has none" };
    } finally {
      await store.close();
    }
  } catch (error) {
    return { from: error instanceof Error ? error.message : String(error) };
  }
}

function shown(verification: Verification, { head, from }: Expected, json: boolean): VerifyResult {
  const exitCode = verification.ok ? 0 : 1;
  if (json) {
    const { needsKey: _needsKey, ...report } = verification;
    return {
      text: `${JSON.stringify({ ...report, head: head ?? null, headFrom: from }, null, 2)}\n`,
      exitCode,
    };
  }
  const { findings, findingCount, notes, records, files, last } = verification;
  const size = `${count(records, "record")} in ${count(files, "file")}`;
  const more = findingCount - findings.length;
  const lines = [
    verification.ok
      ? `The audit trail is whole: ${size}.`
      : `The audit trail is broken: ${size}, ${count(findingCount, "finding")}.`,
    ...findings.map(
      ({ file, line, sentence }) => `  ${file === undefined ? "" : `${file}:${line}: `}${sentence}`,
    ),
    ...(more > 0 ? [`  … and ${more} more.`] : []),
    ...(last ? [`The last record is ${renderHead(last)}`] : []),
    head ? `Held against the head ${renderHead(head)} (${from})` : `Without a head (${from}).`,
    ...notes.map((note) => `Note: ${note}`),
  ];
  return { text: `${lines.join("\n")}\n`, exitCode };
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? "" : "s"}`;
}

function refused(sentence: string): VerifyResult {
  return { text: `${sentence}\n`, exitCode: 2 };
}
