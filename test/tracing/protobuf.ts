/** One field of a protobuf message, as it stands on the wire. */
interface Field {
  readonly number: number;
  /** A number for varints and fixed sizes, bytes for everything with a length. */
  readonly value: bigint | Uint8Array;
}

/** The fields of a message. Throws on anything that is not protobuf. https://protobuf.dev/programming-guides/encoding/ */
function readFields(bytes: Uint8Array): readonly Field[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const fields: Field[] = [];
  let at = 0;
  const varint = (): bigint => {
    let value = 0n;
    for (let shift = 0n; ; shift += 7n) {
      const byte = view.getUint8(at);
      at += 1;
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return value;
    }
  };
  const skip = (length: number): number => {
    if (at + length > bytes.length) throw new Error("a field is longer than its message");
    at += length;
    return at - length;
  };
  const take = (length: number): Uint8Array => {
    const from = skip(length);
    return bytes.subarray(from, from + length);
  };
  const contentOf = (wire: number): Field["value"] => {
    if (wire === 0) return varint();
    if (wire === 1) return view.getBigUint64(skip(8), true);
    if (wire === 2) return take(Number(varint()));
    if (wire === 5) return BigInt(view.getUint32(skip(4), true));
    throw new Error(`wire type ${wire}`);
  };
  while (at < bytes.length) {
    const tag = Number(varint());
    fields.push({ number: tag >> 3, value: contentOf(tag & 7) });
  }
  return fields;
}

/** A message whose fields are asked for by number; every number must be in `known`. */
export function message(bytes: Uint8Array, known: readonly number[]) {
  const fields = readFields(bytes);
  const stray = fields.find(({ number }) => !known.includes(number));
  if (stray) throw new Error(`field ${stray.number} is not in the schema`);
  const all = (number: number) => fields.filter((field) => field.number === number).map(({ value }) => value);
  const bytesOf = (value: Field["value"]) => {
    if (typeof value === "bigint") throw new Error("a number where bytes belong");
    return value;
  };
  return {
    has: (number: number) => all(number).length > 0,
    each: (number: number) => all(number).map(bytesOf),
    bytes: (number: number) => bytesOf(all(number).at(-1) ?? new Uint8Array()),
    text: (number: number) =>
      new TextDecoder("utf-8", { fatal: true }).decode(bytesOf(all(number).at(-1) ?? new Uint8Array())),
    hex: (number: number) => Buffer.from(bytesOf(all(number).at(-1) ?? new Uint8Array())).toString("hex"),
    number(number: number): bigint {
      const value = all(number).at(-1) ?? 0n;
      if (typeof value !== "bigint") throw new Error("bytes where a number belongs");
      return value;
    },
  };
}
