/**
 * Each single bit of a recorded chain's first blocks flipped: the file with it does not open, or a block of the chain
 * is gone from it.
 */

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterAll, describe, expect, it } from 'vitest';
import { openCar } from '../../../src/audit/car/car-file.ts';
import { openHandle } from '../../../src/audit/car/car-file-reader.ts';
import { carParser, parseCar } from '../../../src/chain/car/car-parser.ts';
import { type CID, decodeCid } from '../../../src/chain/encoding/cid.ts';
import { MineOneError } from '../../../src/errors/mineone-error.ts';

const folder = mkdtempSync(join(tmpdir(), 'mineone-test-flip-'));
afterAll(() => rmSync(folder, { recursive: true }));
const path = join(folder, 'file.car');
const recorded = new Uint8Array(gunzipSync(readFileSync(new URL('../../cassette/devnet-2k.car.gz', import.meta.url))));

/** The sections that lie within the first `most` bytes, as a file of their own. */
function firstSections(most: number): { readonly car: Uint8Array; readonly cids: readonly CID[] } {
  const cids: CID[] = [];
  let end = 0;
  for (const event of parseCar(carParser(), recorded)) {
    if (event.type !== 'section') continue;
    if (event.offset > most) break;
    end = event.offset;
    cids.push(decodeCid(event.cid.slice()));
  }
  return { car: recorded.slice(0, end), cids: cids.slice(0, -1) };
}

async function seen(bytes: Uint8Array, cids: readonly CID[]): Promise<string> {
  writeFileSync(path, bytes);
  try {
    const file = await openCar(path);
    const reader = openHandle(file.handle);
    const isGone = cids.some((cid) => !reader.has(cid));
    reader.close();
    await file.close();
    return isGone ? 'block missing' : 'not seen';
  } catch (error) {
    if (error instanceof MineOneError) return error.code;
    throw error;
  }
}

describe('a chain with one bit flipped', () => {
  it('is seen to be damaged, whichever bit it is', async () => {
    const { car, cids } = firstSections(1500);
    expect(cids.length).toBeGreaterThan(1);
    expect(await seen(car, cids)).toBe('not seen');
    const found = new Map<string, number>();
    for (let i = 0; i < 8 * car.length; i++) {
      (car[i >> 3] as number) ^= 1 << (i & 7);
      const what = await seen(car, cids);
      (car[i >> 3] as number) ^= 1 << (i & 7);
      expect(what, `bit ${i & 7} of byte ${i >> 3}`).not.toBe('not seen');
      found.set(what, (found.get(what) ?? 0) + 1);
    }
    expect(found.get('CAR_BLOCK_HASH')).toBeGreaterThan(0.9 * 8 * car.length);
  });
});
