/**
 * JSON read exactly and strictly (RFC 8259). Nodes write integers of 64 bits as plain numbers, which `JSON.parse`
 * rounds without a word: here an integer beyond 2^53 is a bigint, and no number is taken for another. What two readers
 * may take differently (a name twice in an object, numbers out of range) is refused.
 */

import { DecodeError } from '../../errors/mineone-error.ts';
import type { Json } from './codec.ts';

/** Arrays and objects within each other: a node's answers have about 10. */
const DEPTH_MAX = 256;

const BLANKS = ' \t\n\r';
const NUMBER = /-?(?:0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?/y;

interface Source {
  readonly text: string;
  offset: number;
  depth: number;
}

/**
 * The value: integers are numbers up to 2^53 - 1 either way, bigints beyond; other numbers are the nearest double.
 * Throws `DecodeError` with code `JSON_SYNTAX`, or `JSON_NUMBER` for a number that no double comes near, naming line
 * and column.
 */
export function parseJson(text: string): Json {
  const source: Source = { text, offset: 0, depth: 0 };
  const value = readValue(source);
  if (source.offset < text.length) throw refusal(source, 'expected the end');
  return value;
}

/** A value and the blanks around it. */
function readValue(source: Source): Json {
  skipBlanks(source);
  const value = readBare(source);
  skipBlanks(source);
  return value;
}

function readBare(source: Source): Json {
  switch (source.text[source.offset]) {
    case '{':
      return nested(source, readObject);
    case '[':
      return nested(source, readArray);
    case '"':
      return readText(source);
    case 't':
      return readWord(source, 'true', true);
    case 'f':
      return readWord(source, 'false', false);
    case 'n':
      return readWord(source, 'null', null);
    default:
      return readNumber(source);
  }
}

function nested(source: Source, read: (source: Source) => Json): Json {
  source.depth++;
  if (source.depth > DEPTH_MAX) throw refusal(source, `arrays and objects more than ${DEPTH_MAX} deep`);
  source.offset++;
  const value = read(source);
  source.depth--;
  return value;
}

function readArray(source: Source): Json {
  const items: Json[] = [];
  skipBlanks(source);
  if (taken(source, ']')) return items;
  do items.push(readValue(source));
  while (taken(source, ','));
  if (!taken(source, ']')) throw refusal(source, 'expected "," or "]"');
  return items;
}

function readObject(source: Source): Json {
  const fields = new Map<string, Json>();
  skipBlanks(source);
  if (taken(source, '}')) return {};
  do {
    skipBlanks(source);
    const begin = source.offset;
    const name = readText(source);
    if (fields.has(name)) throw refusal({ ...source, offset: begin }, `the name ${JSON.stringify(name)} is there twice`);
    skipBlanks(source);
    if (!taken(source, ':')) throw refusal(source, 'expected ":"');
    fields.set(name, readValue(source));
  } while (taken(source, ','));
  if (!taken(source, '}')) throw refusal(source, 'expected "," or "}"');
  return Object.fromEntries(fields);
}

/** Up to the first quote that no backslash takes away; what is between is for `JSON.parse` to judge. */
function readText(source: Source): string {
  const { text, offset } = source;
  if (text[offset] !== '"') throw refusal(source, 'expected a text in double quotes');
  let end = text.indexOf('"', offset + 1);
  while (end !== -1 && isEscaped(text, end)) end = text.indexOf('"', end + 1);
  if (end === -1) throw refusal(source, 'a text without its closing quote');
  source.offset = end + 1;
  try {
    return JSON.parse(text.slice(offset, end + 1)) as string;
  } catch {
    throw refusal({ ...source, offset }, 'a text with a control character, or a backslash before what needs none');
  }
}

/** An odd number of backslashes stands before it. */
function isEscaped(text: string, at: number): boolean {
  let first = at;
  while (text[first - 1] === '\\') first--;
  return (at - first) % 2 === 1;
}

function readWord(source: Source, word: string, value: Json): Json {
  if (!source.text.startsWith(word, source.offset)) throw refusal(source, 'expected a value');
  source.offset += word.length;
  return value;
}

function readNumber(source: Source): number | bigint {
  const { offset } = source;
  const digits = match(source, NUMBER);
  if (digits === undefined) throw refusal(source, offset === source.text.length ? 'a value is missing at the end' : 'expected a value');
  const value = Number(digits);
  // Adding 0 makes 0 of -0, which is no integer of anybody.
  if (/^-?\d+$/.test(digits)) return Number.isSafeInteger(value) ? value + 0 : BigInt(digits);
  if (!Number.isFinite(value) || (Number.isInteger(value) && /\.\d*[1-9]\d*$/.test(digits)))
    throw new DecodeError('JSON_NUMBER', `${digits.slice(0, 40)} is no number that can be kept`, placeOf({ ...source, offset }));
  return value;
}

function match(source: Source, pattern: RegExp): string | undefined {
  pattern.lastIndex = source.offset;
  const found = pattern.exec(source.text)?.[0];
  if (found !== undefined) source.offset += found.length;
  return found;
}

function skipBlanks(source: Source): void {
  while (source.offset < source.text.length && BLANKS.includes(source.text[source.offset] as string)) source.offset++;
}

function taken(source: Source, mark: string): boolean {
  if (source.text[source.offset] !== mark) return false;
  source.offset++;
  return true;
}

function refusal(source: Source, reason: string): DecodeError {
  const seen = source.text.slice(source.offset, source.offset + 20);
  const got = reason.startsWith('expected') && seen !== '' ? `${reason}, got ${JSON.stringify(seen)}` : reason;
  return new DecodeError('JSON_SYNTAX', got, placeOf(source));
}

function placeOf({ text, offset }: Source): string {
  const lines = text.slice(0, offset).split('\n');
  return `line ${lines.length}, column ${(lines.at(-1) as string).length + 1}`;
}
