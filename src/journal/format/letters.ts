/** Texts in letters, read. */

import { MAJOR_TEXT, type Reader, readText } from '../../chain/encoding/cbor.ts';

const SHORT_MAX = 23;

/** A short text of ASCII letter by letter, which is many times faster than a decoder for it. */
export function readLetters(r: Reader, lengthMax: number): string {
  const { bytes, offset } = r;
  const length = (bytes[offset] as number) - (MAJOR_TEXT << 5);
  if (length < 0 || length > SHORT_MAX || offset + 1 + length > bytes.length) return readText(r, lengthMax);
  let text = '';
  for (let i = offset + 1; i <= offset + length; i++) {
    const code = bytes[i] as number;
    if (code > 0x7f) return readText(r, lengthMax);
    text += String.fromCharCode(code);
  }
  r.offset = offset + 1 + length;
  return text;
}
