/** The devnet's chain in a file that only grows: entries, each with its length and a checksum before it. An end that was torn off by a crash is cut away. */

import { closeSync, fstatSync, ftruncateSync, openSync, readFileSync, writeSync } from 'node:fs';
import { concatBytes, equalBytes } from '../chain/bytes.ts';
import { blake2b256 } from '../chain/hash.ts';
import type { DevnetStore } from './devnet.ts';

export interface ChainFile extends DevnetStore {
  close(): void;
}

const LENGTH_BYTES = 4;
const SUM_BYTES = 8;
const HEAD_BYTES = LENGTH_BYTES + SUM_BYTES;

/** Makes the file where there is none. Throws what the system says of it. */
export function openChainFile(path: string): ChainFile {
  const fd = openSync(path, 'a+');
  const { entries, end } = entriesOf(new Uint8Array(readFileSync(fd)));
  if (end < fstatSync(fd).size) ftruncateSync(fd, end);
  return {
    entries,
    append(entry) {
      const length = new Uint8Array(LENGTH_BYTES);
      new DataView(length.buffer).setUint32(0, entry.length);
      writeSync(fd, concatBytes(length, sumOf(entry), entry));
    },
    close: () => closeSync(fd),
  };
}

/** Whole entries from the beginning on, and where the last of them ends. */
function entriesOf(bytes: Uint8Array): { readonly entries: readonly Uint8Array[]; readonly end: number } {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const entries: Uint8Array[] = [];
  let end = 0;
  while (end + HEAD_BYTES <= bytes.length) {
    const next = end + HEAD_BYTES + view.getUint32(end);
    const entry = bytes.subarray(end + HEAD_BYTES, next);
    if (next > bytes.length || !equalBytes(sumOf(entry), bytes.subarray(end + LENGTH_BYTES, end + HEAD_BYTES))) break;
    entries.push(entry);
    end = next;
  }
  return { entries, end };
}

function sumOf(entry: Uint8Array): Uint8Array {
  return blake2b256(entry).subarray(0, SUM_BYTES);
}
