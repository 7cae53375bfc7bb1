/** Matches a sticky pattern at exactly `at`; where the pattern stood before plays no part. */
export function matchAt(pattern: RegExp, source: string, at: number): RegExpExecArray | null {
  pattern.lastIndex = at;
  return pattern.exec(source);
}
