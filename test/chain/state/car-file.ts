/** Reads a CAR file with the reference library, so that what reads chains here is not judged by itself. */

import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { CarReader } from '@ipld/car';
import { type BlockHeader, blockHeader } from '../../../src/chain/block-header.ts';
import { type CID, parseCid } from '../../../src/chain/encoding/cid.ts';
import { decode } from '../../../src/chain/encoding/codec.ts';
import type { GetBlock } from '../../../src/chain/ipld/block-store.ts';

export interface CarFile {
  readonly roots: readonly CID[];
  readonly get: GetBlock;
  readonly blocks: ReadonlyMap<string, Uint8Array>;
}

/** A file of a CAR v1, gzipped if it is called so. */
export async function readCar(path: string | URL): Promise<CarFile> {
  const file = readFileSync(path);
  // A copy that is no Buffer: slices of a Buffer are Buffers, and slow.
  const reader = await CarReader.fromBytes(Uint8Array.from(String(path).endsWith('.gz') ? gunzipSync(file) : file));
  const blocks = new Map<string, Uint8Array>();
  for await (const { cid, bytes } of reader.blocks()) blocks.set(cid.toString(), bytes);
  const roots = (await reader.getRoots()).map((cid) => parseCid(cid.toString()));
  return { roots, get: (cid) => blocks.get(cid.toString()), blocks };
}

/** The headers from the file's roots down to genesis, each once. */
export function headersOf(car: CarFile): readonly BlockHeader[] {
  const seen = new Map<string, BlockHeader>();
  const left = [...car.roots];
  for (let cid = left.pop(); cid !== undefined; cid = left.pop()) {
    if (seen.has(cid.toString())) continue;
    const header = decode(blockHeader, car.blocks.get(cid.toString()) as Uint8Array);
    seen.set(cid.toString(), header);
    if (header.height > 0) left.push(...header.parents);
  }
  return [...seen.values()];
}
