import { constants } from "node:fs";
import { access } from "node:fs/promises";
import { counted, findings } from "../conversation/finding.ts";
import type { Check, Finding, Store } from "../conversation/ports.ts";
import { type AuditHead, HEAD } from "./head.ts";
import { continuationOf, readTrailEnd } from "./opening.ts";
import type { AuditOptions } from "./options.ts";

const check = findings("audit trail");

/** Whether the trail can be written, has a key, and ends where the store says. `heads` rejects where there is no store. */
export function auditCheck(
  { dir, key }: AuditOptions,
  heads: () => Promise<Pick<Store<AuditHead>, "get">>,
): Check {
  return {
    name: "audit trail",
    async run() {
      if (dir === undefined) {
        const sentence = "The audit trail is off: nobody can tell later who decided what.";
        return [check.warning(sentence, "Set AUDIT_DIR to a directory on a disk that survives restarts.")];
      }
      const keyed = key === undefined ? [withoutKey()] : [];
      return [await lookAtFiles(dir, key, heads), ...keyed];
    },
  };
}

async function lookAtFiles(
  dir: string,
  key: string | undefined,
  heads: () => Promise<Pick<Store<AuditHead>, "get">>,
): Promise<Finding> {
  try {
    // The head first: records come to the files before it is moved.
    const stored = await heads()
      .then((rows) => rows.get(HEAD))
      .catch(() => undefined);
    const isThere = await access(dir).then(
      () => true,
      () => false,
    );
    if (!isThere && !stored) return check.ok("There are no records yet.");
    await access(dir, constants.R_OK | constants.W_OK);
    const end = await readTrailEnd(dir, key, stored);
    const { alarms } = continuationOf(end, stored);
    if (alarms.length > 0)
      return check.problem(
        alarms.join(" "),
        "Run kagent-discord audit verify, and keep the files as they are.",
      );
    const held = stored
      ? "and its end is the one in the store"
      : "and the store has no head to hold it against";
    return check.ok(
      `The trail is sound at its end (${counted(end.chain.last?.seq ?? 0, "record")}), ${held}.`,
    );
  } catch {
    return check.problem(
      `The audit trail in ${dir} cannot be read and written, so nothing can be asked or decided.`,
      "Check the directory's owner and permissions, and the space on its disk (AUDIT_DIR).",
    );
  }
}

function withoutKey(): Finding {
  return check.warning(
    "AUDIT_KEY is not set: whoever can write the files can write them anew.",
    "Set AUDIT_KEY to at least 32 random characters, kept where the files are not.",
  );
}
