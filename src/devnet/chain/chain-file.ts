/**
 * A devnet's chain in one file that only grows: each entry behind its length and its checksum. What a crash left
 * half-written at the end is cut off.
 */

import { closeSync, constants, fstatSync, ftruncateSync, openSync, readSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { equalBytes } from '../../chain/encoding/bytes.ts';
import { blake2b160 } from '../../chain/encoding/hash.ts';
import { makeFolder } from '../../folder.ts';
import type { DevnetStore } from '../setting/options.ts';

export interface ChainFile extends DevnetStore {
  /** Bytes that were cut off its end when it was opened. */
  readonly cut: number;
  close(): void;
}

const LENGTH_BYTES = 4;
const CHECK_BYTES = 20;
const HEAD_BYTES = LENGTH_BYTES + CHECK_BYTES;

/**
 * Opens or makes the file, and its folder. One process at a time: who opens it keeps others away (the journal's lock
 * beside it does).
 */
export function openChainFile(path: string): ChainFile {
  makeFolder(dirname(path));
  const file = openSync(path, constants.O_RDWR | constants.O_CREAT, 0o600);
  const { entries, end, size } = readEntries(file);
  ftruncateSync(file, end);
  let at = end;
  return {
    entries,
    cut: size - end,
    append(entry) {
      const bytes = framed(entry);
      writeSync(file, bytes, 0, bytes.length, at);
      at += bytes.length;
    },
    close: () => closeSync(file),
  };
}

function framed(entry: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(HEAD_BYTES + entry.length);
  new DataView(bytes.buffer).setUint32(0, entry.length);
  bytes.set(blake2b160(entry), LENGTH_BYTES);
  bytes.set(entry, HEAD_BYTES);
  return bytes;
}

/** Entries up to the first that is not whole, and where that begins. */
function readEntries(file: number): { readonly entries: readonly Uint8Array[]; readonly end: number; readonly size: number } {
  const { size } = fstatSync(file);
  const bytes = new Uint8Array(size);
  for (let read = 0; read < size; ) {
    const count = readSync(file, bytes, read, size - read, read);
    if (count === 0) break;
    read += count;
  }
  const view = new DataView(bytes.buffer);
  const entries: Uint8Array[] = [];
  let end = 0;
  while (end + HEAD_BYTES <= size) {
    const length = view.getUint32(end);
    const entry = bytes.subarray(end + HEAD_BYTES, end + HEAD_BYTES + length);
    if (entry.length < length || !equalBytes(blake2b160(entry), bytes.subarray(end + LENGTH_BYTES, end + HEAD_BYTES))) break;
    entries.push(entry);
    end += HEAD_BYTES + length;
  }
  return { entries, end, size };
}
