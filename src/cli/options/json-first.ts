/**
 * `--json` before the name of a command, or between the two of `journal stat`: a script that puts it there means the
 * command's.
 */

/**
 * The same words, a `--json` that stands before or after the first of `names` put at the end of the options. Alone, or
 * with `--version`, it stays.
 */
export function jsonLast(args: readonly string[], names: readonly string[]): readonly string[] {
  const first = args.findIndex((arg) => arg !== '--json');
  const name = args[first];
  if (name === undefined || !names.includes(name)) return args;
  const rest = args.slice(first + 1);
  const next = rest.findIndex((arg) => arg !== '--json');
  if (first === 0 && next <= 0) return args;
  const words = rest.slice(Math.max(0, next));
  const end = words.includes('--') ? words.indexOf('--') : words.length;
  return next === -1 ? [name, '--json'] : [name, ...words.slice(0, end), '--json', ...words.slice(end)];
}
