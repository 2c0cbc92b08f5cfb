/**
 * Text for people goes out here: no line of it is wider than the terminal that it is read on, but for one word
 * (wrap.ts).
 */

import { widthOf } from './terminal.ts';
import { sentenceLines } from './wrap.ts';

/** Lines of tables and sentences, as wide as standard output takes them. */
export function fitted(lines: readonly string[], stream: NodeJS.WriteStream = process.stdout): readonly string[] {
  const limit = widthOf(stream);
  return lines.flatMap((line) => sentenceLines(line, limit));
}

/** What is to be pasted as a whole (a command line, a key, a configuration) goes out by the stream itself, unbroken. */
export function say(lines: readonly string[], stream: NodeJS.WriteStream = process.stdout): void {
  stream.write(`${fitted(lines, stream).join('\n')}\n`);
}
