/** Plain values as canonical CBOR: what `decodeCborValue` reads (cbor-value.ts), written; for state objects, whose fields follow from their actor's version. */

import { fromUtf8 } from './bytes.ts';
import { MAJOR_ARRAY, MAJOR_TEXT, type Writer, writeBytes, writeHead, writeInt, writeLink, writeNull, written } from './cbor.ts';
import { CID } from './cid.ts';

/** No maps: no state object has one. */
export type Plain = null | boolean | number | bigint | string | Uint8Array | CID | readonly Plain[];

const FALSE = 0xf4;
const TRUE = 0xf5;

export function encodePlain(value: Plain): Uint8Array {
  const w: Writer = [];
  writePlain(w, value);
  return written(w);
}

function writePlain(w: Writer, value: Plain): void {
  if (value === null) writeNull(w);
  else if (typeof value === 'boolean') w.push(Uint8Array.of(value ? TRUE : FALSE));
  else if (typeof value === 'number' || typeof value === 'bigint') writeInt(w, value);
  else if (typeof value === 'string') {
    const text = fromUtf8(value);
    writeHead(w, MAJOR_TEXT, text.length);
    w.push(text);
  } else if (value instanceof Uint8Array) writeBytes(w, value);
  else if (value instanceof CID) writeLink(w, value);
  else {
    const items = value as readonly Plain[];
    writeHead(w, MAJOR_ARRAY, items.length);
    for (const item of items) writePlain(w, item);
  }
}
