/**
 * The file of the anchor: one byte of length, then the bytes, in one disk sector and written over in place, so that it
 * is there whole or as it was.
 */

import { closeSync, existsSync, fsyncSync, openSync, readSync, writeSync } from 'node:fs';

/** Name of the file with the anchor. */
export const ANCHOR = 'anchor';
const ANCHOR_LENGTH = 65;

export interface AnchorFile {
  /** `undefined` when nothing was ever written. */
  read(): Uint8Array | undefined;
  /**
   * Writes when the loop is free: whoever waits for the batch goes on before. Throws what an earlier one failed with.
   */
  write(bytes: Uint8Array): void;
  /** Writes what is left. */
  close(): void;
}

/** Opens or makes the file. */
export function openAnchor(path: string): AnchorFile {
  const fd = open(path);
  let isOpen = true;
  let next: Uint8Array | undefined;
  let failure: unknown;
  const put = (): void => {
    if (next !== undefined && isOpen) writeSync(fd, padded(next), 0, ANCHOR_LENGTH, 0);
    next = undefined;
  };
  const putSoon = (): void => {
    try {
      put();
    } catch (error) {
      failure = error;
    }
  };
  return {
    read: () => next ?? readAnchor(fd),
    write(bytes) {
      if (failure !== undefined) throw failure;
      if (next === undefined) setImmediate(putSoon);
      next = bytes;
    },
    close() {
      if (!isOpen) return;
      putSoon();
      closeSync(fd);
      isOpen = false;
    },
  };
}

function open(path: string): number {
  if (existsSync(path)) return openSync(path, 'r+');
  const fd = openSync(path, 'w+');
  writeSync(fd, new Uint8Array(ANCHOR_LENGTH));
  fsyncSync(fd);
  return fd;
}

function readAnchor(fd: number): Uint8Array | undefined {
  const bytes = new Uint8Array(ANCHOR_LENGTH);
  readSync(fd, bytes, 0, ANCHOR_LENGTH, 0);
  if (bytes.every((byte) => byte === 0)) return undefined;
  return bytes.slice(1, 1 + (bytes[0] as number));
}

function padded(bytes: Uint8Array): Uint8Array {
  const sector = new Uint8Array(ANCHOR_LENGTH);
  sector[0] = bytes.length;
  sector.set(bytes, 1);
  return sector;
}
