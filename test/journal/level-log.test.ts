/** The one walker of LevelDB's log format: it stops at damage, or goes on behind it. */

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { concatBytes, toHex } from '../../src/chain/encoding/bytes.ts';
import { logRecords } from '../../src/journal/store/level-log.ts';
import { crc32c, masked } from '../../src/journal/store/level-tables.ts';

const BLOCK = 32 * 1024;

interface Log {
  readonly bytes: Uint8Array;
  /** Of each record, in hexadecimal. */
  readonly records: readonly string[];
  /** Blocks that each has pieces in: first and last. */
  readonly blocks: readonly (readonly [first: number, last: number])[];
}

/** As leveldb's log_writer.cc writes. */
function logOf(records: readonly Uint8Array[]): Log {
  const parts: Uint8Array[] = [];
  const blocks: [number, number][] = [];
  let at = 0;
  const put = (bytes: Uint8Array): void => {
    parts.push(bytes);
    at += bytes.length;
  };
  for (const record of records) {
    let from = 0;
    const touched: number[] = [];
    for (let isLast = false; !isLast; ) {
      if (BLOCK - (at % BLOCK) < 7) put(new Uint8Array(BLOCK - (at % BLOCK)));
      const piece = record.subarray(from, from + BLOCK - (at % BLOCK) - 7);
      isLast = from + piece.length === record.length;
      const type = touched.length === 0 ? (isLast ? 1 : 2) : isLast ? 4 : 3;
      touched.push(Math.floor(at / BLOCK));
      const head = new Uint8Array(7);
      const view = new DataView(head.buffer);
      view.setUint32(0, masked(crc32c(concatBytes(Uint8Array.of(type), piece))), true);
      view.setUint16(4, piece.length, true);
      view.setUint8(6, type);
      put(concatBytes(head, piece));
      from += piece.length;
    }
    blocks.push([touched[0] as number, touched.at(-1) as number]);
  }
  return { bytes: concatBytes(...parts), records: records.map(toHex), blocks };
}

const read = (bytes: Uint8Array, damaged: (at: number) => void) => Array.from(logRecords(bytes, damaged), toHex);
const never = (at: number): never => expect.unreachable(`damage at ${at}`);

const log = fc
  .array(fc.record({ length: fc.oneof(fc.nat(300), fc.nat(70_000)), fill: fc.nat(255) }), { minLength: 1, maxLength: 12 })
  .map((records) => logOf(records.map(({ length, fill }) => new Uint8Array(length).fill(fill))));

describe('a log of LevelDB', () => {
  it('is read as it was written, in pieces over several blocks too', () => {
    fc.assert(
      fc.property(log, ({ bytes, records }) => {
        expect(read(bytes, never)).toEqual(records);
      }),
      { numRuns: 30 },
    );
  });

  it('that ends too early is one that was being written', () => {
    fc.assert(
      fc.property(log, fc.double({ min: 0, max: 1, noNaN: true }), ({ bytes, records }, share) => {
        const found = read(bytes.subarray(0, Math.floor(share * bytes.length)), never);
        expect(found).toEqual(records.slice(0, found.length));
      }),
      { numRuns: 30 },
    );
  });

  it('with a damaged byte stops there, or loses what has a piece in that block and nothing else', () => {
    fc.assert(
      fc.property(log, fc.double({ min: 0, max: 0.999, noNaN: true }), fc.integer({ min: 1, max: 255 }), ({ bytes, records, blocks }, share, change) => {
        const changed = bytes.slice();
        const at = Math.floor(share * bytes.length);
        changed[at] = (changed[at] as number) ^ change;
        const places: number[] = [];
        const found = read(changed, (place) => void places.push(place));
        const block = Math.floor(at / BLOCK);
        const elsewhere = records.filter((_, i) => (blocks[i] as readonly [number, number])[1] < block || (blocks[i] as readonly [number, number])[0] > block);
        expect(places.every((place) => Math.floor(place / BLOCK) === block && place <= at)).toBe(true);
        expect(isWithin(elsewhere, found) && isWithin(found, records)).toBe(true);
        if (places.length === 0) return;
        const stop = (place: number): never => {
          throw new RangeError(`${place}`);
        };
        expect(() => read(changed, stop)).toThrow(`${places[0]}`);
      }),
      { numRuns: 60 },
    );
  });
});

/** Whether all of `some` are in `all`, in their order. */
function isWithin(some: readonly string[], all: readonly string[]): boolean {
  let at = 0;
  for (const one of all) if (at < some.length && one === some[at]) at++;
  return at === some.length;
}
