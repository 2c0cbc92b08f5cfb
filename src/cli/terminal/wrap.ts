/**
 * Lines that the terminal need not break. A line is broken between words alone: what a reader pastes (a CID, a hash, a
 * path, `a command`, 'a quoted path') is one word, and one that is wider than the terminal stands on a line of its own,
 * as long as it is. A terminal that wraps such a line gives it back whole; one that was broken here would be pasted in
 * two.
 */

import { stripVTControlCharacters } from 'node:util';

/**
 * A word with the spaces before it. Quotes hold a word together where they stand around it, as the one of `drand's`
 * does not.
 */
const WORD = / *(?:'[^']*'(?=[\s.,:;)]|$)|"[^"]*"(?=[\s.,:;)]|$)|(?:`[^`]*`|[^ ])+)/g;

/** Characters that are seen: colours are none. */
export function lengthOf(text: string | number | bigint): number {
  return stripVTControlCharacters(String(text)).length;
}

/** A sentence, or a line that is set in, which goes on as far in. `limit` is the terminal's width. */
export function sentenceLines(text: string, limit: number): readonly string[] {
  return wrapped(text, limit, text.length - text.trimStart().length);
}

/** Lines after the first are set in by `indent`. Where a word has no room beside that, it is set in less. */
export function wrapped(text: string, limit: number, indent: number): readonly string[] {
  if (lengthOf(text) <= limit) return [text];
  const [first = '', ...words] = text.trimEnd().match(WORD) ?? [];
  const lines = [setIn(first, first.length - first.trimStart().length, limit)];
  for (const word of words) {
    const line = lines.at(-1) + word;
    if (lengthOf(line) <= limit) lines[lines.length - 1] = line;
    else lines.push(setIn(word, indent, limit));
  }
  return coloured(lines);
}

function setIn(word: string, indent: number, limit: number): string {
  const bare = word.trimStart();
  return ' '.repeat(Math.max(0, Math.min(indent, limit - lengthOf(bare)))) + bare;
}

/** What every terminal has. */
const COLUMNS = 80;

/** A text beside its heading, from the column `indent` on; in lines of 80 characters where the terminal is wider. */
export function under(heading: string, text: string, indent: number, limit = COLUMNS): readonly string[] {
  return wrapped(heading + ' '.repeat(Math.max(0, indent - lengthOf(heading))) + text, Math.min(COLUMNS, limit), indent);
}

const COLOUR = new RegExp(`${'\u001b'}\\[(\\d+)m`, 'g');
/** What ends bold and dim, and what ends the colours. */
const ENDS: readonly string[] = ['22', '39'];

/**
 * A colour that goes on beyond a line's end is ended there, and begun anew on the next: any of these lines may be drawn
 * alone.
 */
function coloured(lines: readonly string[]): readonly string[] {
  let open = '';
  return lines.map((line) => {
    const begun = line.replace(/\S/, (first) => open + first);
    for (const [code, number = ''] of line.matchAll(COLOUR)) open = ENDS.includes(number) ? '' : code;
    if (open === '') return begun;
    return `${begun}\u001b[${/\[[12]m/.test(open) ? ENDS[0] : ENDS[1]}m`;
  });
}
