/** The name that somebody may have meant: what an error over an unknown one suggests. */

/** Of names, at least one, that with the fewest letters put in, taken out or changed. */
export function nearest(name: string, names: Iterable<string>): string {
  return [...names].sort((a, b) => distance(name, a) - distance(name, b))[0] as string;
}

/** The same where it is likely: most of its letters are there; else `null`. */
export function likely(name: string, names: Iterable<string>): string | null {
  const found = nearest(name, names);
  return distance(name, found) <= Math.max(1, 0.4 * name.length) ? found : null;
}

/** Levenshtein's: letters to put in, take out or change. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const change = (row[j - 1] as number) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(change, (row[j] as number) + 1, (next[j - 1] as number) + 1));
    }
    row = next;
  }
  return row[b.length] as number;
}
