/** JSON read exactly: as JSON.parse reads it, but for integers beyond 2^53 and for what it lets pass. */

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseJson } from '../../../src/chain/encoding/json.ts';
import { DecodeError } from '../../../src/errors/mineone-error.ts';

function refusal(text: string): DecodeError {
  try {
    parseJson(text);
  } catch (error) {
    if (error instanceof DecodeError) return error;
    throw error;
  }
  return expect.fail(`${text} was taken`);
}

describe('exact JSON', () => {
  it.each([
    ['9007199254740991', 9007199254740991],
    ['9007199254740992', 9007199254740992n],
    ['9007199254740993', 9007199254740993n],
    ['-9007199254740991', -9007199254740991],
    ['-9223372036854775807', -9223372036854775807n],
    ['-9223372036854775808', -9223372036854775808n],
    ['18446744073709551615', 18446744073709551615n],
    ['-0', 0],
    ['0.625', 0.625],
    ['1e3', 1000],
    ['1.50', 1.5],
    ['1.0', 1],
  ])('%s', (text, value) => {
    expect(parseJson(text)).toBe(value);
    expect(parseJson(` { "a" : [ ${text} ] } `)).toEqual({ a: [value] });
  });

  it('reads every integer as itself', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: -(1n << 80n), max: 1n << 80n }), (integer) => {
        const read = parseJson(String(integer));
        expect(typeof read).toBe(BigInt.asIntN(54, integer) === integer && integer !== -(1n << 53n) ? 'number' : 'bigint');
        expect(BigInt(read as number | bigint)).toBe(integer);
      }),
    );
  });

  it('is JSON.parse for all else', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.nat(4), (value, indent) => {
        const text = JSON.stringify(value, null, indent);
        // JSON.stringify writes doubles of 2^53 and more without an exponent, up to 1e21.
        fc.pre(!/\d{16}/.test(text));
        expect(parseJson(text)).toEqual(JSON.parse(text, (_, inner) => (Object.is(inner, -0) ? 0 : inner)));
      }),
    );
  });

  it('takes a text that JSON.parse takes, and no other', () => {
    const marks = fc.constantFrom(
      '"',
      '\\',
      '\\u00e9',
      '\\n',
      '\n',
      'a',
      '{',
      '}',
      '[',
      ']',
      ',',
      ':',
      '1',
      '-',
      '.',
      'e',
      ' ',
      'true',
      'null',
      '\u0001',
      '\ufeff',
    );
    fc.assert(
      fc.property(fc.array(marks, { maxLength: 12 }), (parts) => {
        const text = parts.join('');
        const taken = (parse: (text: string) => unknown): boolean => {
          try {
            parse(text);
            return true;
          } catch {
            return false;
          }
        };
        const isFine = taken(JSON.parse) && !isStricter(text);
        expect(taken(parseJson)).toBe(isFine);
      }),
      { numRuns: 5000 },
    );
  });

  it('keeps a name that means something to objects', () => {
    const read = parseJson('{"__proto__": {"polluted": 1}, "constructor": 2}') as { readonly [key: string]: unknown };
    expect(Object.keys(read)).toEqual(['__proto__', 'constructor']);
    expect(Object.getPrototypeOf(read)).toBe(Object.prototype);
    expect(({} as { readonly polluted?: number }).polluted).toBeUndefined();
  });

  it.each([
    ['', 'line 1, column 1: a value is missing at the end'],
    ['{"a": 1,\n "a": 2}', 'line 2, column 2: the name "a" is there twice'],
    ['{"a": 1', 'line 1, column 8: expected "," or "}"'],
    ['[1 2]', 'line 1, column 4: expected "," or "]", got "2]"'],
    ['[1,]', 'line 1, column 4: expected a value, got "]"'],
    ['{"a" 1}', 'line 1, column 6: expected ":", got "1}"'],
    ['{a: 1}', 'line 1, column 2: expected a text in double quotes, got "a: 1}"'],
    ['01', 'line 1, column 2: expected the end, got "1"'],
    ['1 2', 'line 1, column 3: expected the end, got "2"'],
    ['"abc', 'line 1, column 1: a text without its closing quote'],
    ['"a\\x"', 'line 1, column 1: a text with a control character, or a backslash before what needs none'],
    ['[NaN]', 'line 1, column 2: expected a value, got "NaN]"'],
  ])('%j is refused: %s', (text, message) => {
    expect(refusal(text)).toMatchObject({ code: 'JSON_SYNTAX', message });
  });

  it.each(['1e400', '-1e400', '0.99999999999999999999', '4503599627370497.5'])('%s is a number that no double keeps', (text) => {
    expect(refusal(`[${text}]`)).toMatchObject({ code: 'JSON_NUMBER', place: 'line 1, column 2' });
  });

  it('is as deep as an answer may be, and no stack breaks on what is deeper', () => {
    expect(parseJson(`${'['.repeat(256)}${']'.repeat(256)}`)).toHaveLength(1);
    expect(refusal('['.repeat(1_000_000)).reason).toBe('arrays and objects more than 256 deep');
  });

  it('reads texts of any length', () => {
    const long = 'a\\"'.repeat(2_000_000);
    expect(parseJson(`"${long}"`)).toHaveLength(4_000_000);
  });
});

/** Whether it holds what JSON.parse lets pass: a name twice in an object, a power without end. */
function isStricter(text: string): boolean {
  const colons = text.replace(/"(?:[^"\\]|\\.)*"/g, '').split(':').length - 1;
  return colons > namesIn(JSON.parse(text)) || /e1{4,}/.test(text);
}

function namesIn(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0;
  const inner = Object.values(value).reduce((sum: number, item) => sum + namesIn(item), 0);
  return Array.isArray(value) ? inner : inner + Object.keys(value).length;
}
