/**
 * Decoding a block header, which proves while it reads that the bytes are canonical, beside dag-cbor's decoder, which
 * does not.
 */

import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { CarReader } from '@ipld/car';
import * as dagCbor from '@ipld/dag-cbor';
import { blockHeader } from '../../src/chain/block-header.ts';
import { decode } from '../../src/chain/encoding/codec.ts';
import type { BenchRow } from './bench-row.ts';
import { samplePair, summary } from './sample.ts';

const HEADER = 0x90;
const SHORT_ADDRESS = 0x43;

export async function run(): Promise<readonly BenchRow[]> {
  const headers = await recordedHeaders();
  let ours = 0;
  let theirs = 0;
  const [strict, loose] = samplePair(
    () => decode(blockHeader, headers[ours++ % headers.length] as Uint8Array),
    () => dagCbor.decode(headers[theirs++ % headers.length] as Uint8Array),
    { batch: 581 },
  );
  const measured = summary(strict);
  const reference = summary(loose).median;
  return [
    {
      name: 'header decode, canonical or refused (581 real headers)',
      unit: 'µs',
      ...measured,
      reference: { name: '@ipld/dag-cbor decode, untyped', median: reference, ratio: measured.median / reference },
      target: 'at most 60 µs',
    },
  ];
}

/** The headers of the devnet's CAR file: arrays of 16 that begin with the miner's address of 3 bytes. */
async function recordedHeaders(): Promise<readonly Uint8Array[]> {
  const car = await CarReader.fromBytes(gunzipSync(readFileSync(new URL('../cassette/devnet-2k.car.gz', import.meta.url))));
  const headers: Uint8Array[] = [];
  for await (const { bytes } of car.blocks()) if (bytes[0] === HEADER && bytes[1] === SHORT_ADDRESS) headers.push(Uint8Array.from(bytes));
  return headers;
}
