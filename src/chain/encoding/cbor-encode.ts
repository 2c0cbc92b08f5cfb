/**
 * Plain values as canonical CBOR: what `decodeCborValue` reads (cbor-value.ts), written; for state objects, whose
 * fields follow from their actor's version.
 */

import { ByteWriter } from './byte-writer.ts';
import { MAJOR_ARRAY, MAJOR_TEXT, writeBytes, writeHead, writeInt, writeLink, writeNull } from './cbor.ts';
import { CID } from './cid.ts';

/** No maps: no state object has one. */
export type Plain = null | boolean | number | bigint | string | Uint8Array | CID | readonly Plain[];

const FALSE = 0xf4;
const TRUE = 0xf5;

export function encodePlain(value: Plain): Uint8Array {
  const w = new ByteWriter();
  writePlain(w, value);
  return w.written();
}

function writePlain(w: ByteWriter, value: Plain): void {
  if (value === null) writeNull(w);
  else if (typeof value === 'boolean') w.byte(value ? TRUE : FALSE);
  else if (typeof value === 'number' || typeof value === 'bigint') writeInt(w, value);
  else if (typeof value === 'string') w.text(MAJOR_TEXT, value);
  else if (value instanceof Uint8Array) writeBytes(w, value);
  else if (value instanceof CID) writeLink(w, value);
  else {
    const items = value as readonly Plain[];
    writeHead(w, MAJOR_ARRAY, items.length);
    for (const item of items) writePlain(w, item);
  }
}
