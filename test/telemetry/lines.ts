/** A log destination that keeps whole lines. */
export function createLines() {
  const lines: string[] = [];
  return {
    write: (line: string) => {
      lines.push(line);
    },
    text: () => lines.join(""),
    records: () => lines.map((line): Record<string, unknown> => JSON.parse(line)),
  };
}
