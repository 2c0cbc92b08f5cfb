/** Words by their numbers: one way to write each text, and numbers that never change (src/journal/format/words.ts). */

import { describe, expect, it } from 'vitest';
import { concatBytes, fromUtf8, toHex } from '../../src/chain/encoding/bytes.ts';
import { decodeValue, encodeValue } from '../../src/journal/format/value.ts';
import { wordOfNumber } from '../../src/journal/format/words.ts';

const COUNT = 110;

describe('words', () => {
  it('are written by number, as values and as keys', () => {
    expect(toHex(encodeValue('result'))).toBe('c600');
    expect(toHex(encodeValue({ result: 'lost' }))).toBe('a1c600c6182c');
  });

  it('keep their numbers for ever', () => {
    expect([0, 22, 23, 44, COUNT - 1].map(wordOfNumber)).toEqual(['result', 'baseDue', 'waiting', 'lost', 'output']);
    expect(wordOfNumber(COUNT)).toBeUndefined();
  });

  it('each come back, and in letters none is taken', () => {
    for (let i = 0; i < COUNT; i++) {
      const word = wordOfNumber(i) as string;
      expect(decodeValue(encodeValue({ [word]: word }))).toEqual({ [word]: word });
      const letters = concatBytes(Uint8Array.of(0x60 + word.length), fromUtf8(word));
      expect(() => decodeValue(letters)).toThrowError(expect.objectContaining({ code: 'VALUE_WORD' }));
    }
  });

  it('keep the order of keys, words or not', () => {
    const value = { result: 1, resuls: 2, resulu: 3, at: 4, a: 5, getMiningBaseInfo: 6, 'getMiningBaseInf°': 7 };
    expect(decodeValue(encodeValue(value))).toEqual(value);
  });

  it('refuses a number without a word, and another spelling of one', () => {
    expect(() => decodeValue(Uint8Array.of(0xc6, 0x18, 0xff))).toThrowError(expect.objectContaining({ code: 'VALUE_WORD' }));
    expect(() => decodeValue(Uint8Array.of(0xc6, 0x18, 0x00))).toThrowError(expect.objectContaining({ name: 'DecodeError' }));
    expect(() => decodeValue(Uint8Array.of(0xc6, 0x20))).toThrowError(expect.objectContaining({ name: 'DecodeError' }));
  });
});
