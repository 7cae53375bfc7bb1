import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { gunzipSync } from "node:zlib";
import { z } from "zod";

/** A piece of a response body as it came from the socket. `ms` counts from the start of its request. */
export interface Chunk {
  readonly ms: number;
  readonly text: string;
}

/** `body` is absent for GET and DELETE, and a string where broken JSON was sent on purpose. */
interface RecordedRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

/** `endMs` is absent where the client cut the connection itself. */
export interface RecordedResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly chunks: readonly Chunk[];
  readonly endMs?: number | undefined;
}

/** One HTTP exchange. `startedMs` counts from the start of the case; `response` is null where the socket failed before one came. */
export interface Exchange {
  readonly note?: string | undefined;
  readonly startedMs: number;
  readonly request: RecordedRequest;
  readonly response: RecordedResponse | null;
  readonly droppedByClientMs?: number | undefined;
  readonly transportError?: string | undefined;
}

/** What happened to the servers between exchanges, e.g. "agent killed". */
interface ServerEvent {
  readonly event: string;
  readonly startedMs: number;
}

/** One case: a conversation of HTTP exchanges with a real runtime, in order. See recordings/README.md. */
export interface Recording {
  readonly case: string;
  readonly about: string;
  readonly runtime: string;
  readonly version: string;
  readonly protocol: "0.3" | "1.0";
  /** `stream`: token deltas; `whole`: one message a model turn; other words where the case sets it otherwise. */
  readonly mode: string;
  /** A date, YYYY-MM-DD. */
  readonly recorded: string;
  /** Says why the case did not get as far as its script. */
  readonly incomplete?: string | undefined;
  readonly exchanges: readonly Exchange[];
  readonly events: readonly ServerEvent[];
}

/** The recorded traffic, unpacked on first use and kept as long as this object. */
export interface Recordings {
  /** e.g. `python-0.10.4/stream`, `controller-0.9.12-go`, `controller-0.9.12-go/whole`; sorted. */
  folders(): readonly string[];
  /** The cases of one folder, sorted. Throws for an unknown folder. */
  names(folder: string): readonly string[];
  /** Throws when there is no such case, or the file is not in the format. */
  read(folder: string, name: string): Recording;
}

const headers = z.record(z.string(), z.string());
const chunk = z.strictObject({ ms: z.number(), text: z.string() });
const exchange = z.strictObject({
  note: z.string().optional(),
  startedMs: z.number(),
  request: z.strictObject({ method: z.string(), path: z.string(), headers, body: z.unknown().optional() }),
  response: z
    .strictObject({ status: z.int(), headers, chunks: z.array(chunk), endMs: z.number().optional() })
    .nullable(),
  droppedByClientMs: z.number().optional(),
  transportError: z.string().optional(),
});
const serverEvent = z.strictObject({ event: z.string(), startedMs: z.number() });
const recordingFile = z.strictObject({
  case: z.string(),
  about: z.string(),
  runtime: z.string(),
  version: z.string(),
  protocol: z.enum(["0.3", "1.0"]),
  mode: z.string(),
  recorded: z.iso.date(),
  incomplete: z.string().optional(),
  exchanges: z.array(z.union([serverEvent, exchange])),
});
const folderFile = z.record(z.string(), z.unknown());

const suffix = ".json.gz";

/** Opens the recordings that come with the repository. */
export function createRecordings(): Recordings {
  const root = fileURLToPath(new URL("recordings", import.meta.url));
  const unpacked = new Map<string, ReadonlyMap<string, unknown>>();
  const read = new Map<string, Recording>();

  const unpack = (folder: string): ReadonlyMap<string, unknown> => {
    const known = unpacked.get(folder);
    if (known) return known;
    const cases = readFolder(join(root, `${folder}${suffix}`));
    unpacked.set(folder, cases);
    return cases;
  };

  return {
    folders: () => listFolders(root),
    names: (folder) => [...unpack(folder).keys()].sort(),
    read: (folder, name) => {
      const key = `${folder}/${name}`;
      const known = read.get(key);
      if (known) return known;
      const recording = readRecording(unpack(folder).get(name), key);
      read.set(key, recording);
      return recording;
    },
  };
}

function listFolders(root: string): string[] {
  return readdirSync(root, { recursive: true, encoding: "utf8" })
    .filter((path) => path.endsWith(suffix))
    .map((path) => path.slice(0, -suffix.length).replaceAll("\\", "/"))
    .sort();
}

function readFolder(path: string): ReadonlyMap<string, unknown> {
  const text = gunzipSync(readFileSync(path)).toString("utf8");
  return new Map(Object.entries(folderFile.parse(JSON.parse(text))));
}

function readRecording(raw: unknown, key: string): Recording {
  if (raw === undefined) throw new Error(`no recording ${key}`);
  const { exchanges, ...about } = recordingFile.parse(raw);
  return {
    ...about,
    exchanges: exchanges.filter((entry) => "request" in entry),
    events: exchanges.filter((entry) => "event" in entry),
  };
}
