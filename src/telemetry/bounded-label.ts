/** What stands for every value beyond the bound. */
const OTHER = "other";

/**
 * A function that lets the first `most` different values through and turns all later ones into `other`: people can type any
 * agent's name, and each value of a label is a series that is kept for ever.
 */
export function createBoundedLabel(most: number): (value: string) => string {
  const known = new Set<string>();
  return (value) => {
    if (known.has(value)) return value;
    if (known.size >= most) return OTHER;
    known.add(value);
    return value;
  };
}
