/** Commands that the bot itself has or will have; no route may take their names. */
const BUILT_IN = new Set("ask agents new stop status help approvals doctor".split(" "));

/** Whether a command's name is taken. */
export function isBuiltIn(command: string): boolean {
  return BUILT_IN.has(command);
}

/** What to say about a name that is taken. */
export function builtInSentence(command: string): string {
  return `/${command} is a command of the bot itself; choose another name.`;
}
