/**
 * AMT v2 of 10,000 message CIDs, built and walked, beside the blake2b-256 of its nodes' bytes alone: the part that no
 * layout of code can save.
 */

import { performance } from 'node:perf_hooks';
import { cidOf } from '../../src/chain/encoding/cid.ts';
import { encode, link, u64 } from '../../src/chain/encoding/codec.ts';
import { blake2b256 } from '../../src/chain/encoding/hash.ts';
import { AMT_V2, amtEntries, buildAmt } from '../../src/chain/ipld/amt.ts';
import type { GetBlock } from '../../src/chain/ipld/block-store.ts';
import type { BenchRow } from './bench-row.ts';

const MESSAGES = 10_000;
const WARM_UP = 5;
const SAMPLES = 25;

interface Sampled {
  readonly median: number;
  readonly spread: [number, number];
}

export function run(): readonly BenchRow[] {
  const values = Array.from({ length: MESSAGES }, (_, i) => encode(link, cidOf(encode(u64, BigInt(i)))));
  const { root, blocks } = buildAmt(AMT_V2, values);
  const nodes = new Map(blocks.map(({ cid, bytes }) => [cid.toString(), bytes]));
  const get: GetBlock = (cid) => nodes.get(cid.toString());
  const hashing = sample(() => blocks.reduce((sum, { bytes }) => sum + (blake2b256(bytes)[0] as number), 0));
  const build = sample(() => buildAmt(AMT_V2, values).blocks.length);
  const walk = sample(() => [...amtEntries(get, root, AMT_V2)].length);
  return [row('AMT v2 of 10,000 messages, build', build, hashing), row('AMT v2 of 10,000 messages, walk', walk, hashing)];
}

function row(name: string, measured: Sampled, hashing: Sampled): BenchRow {
  return {
    name,
    unit: 'ms',
    median: measured.median,
    spread: measured.spread,
    reference: { name: 'blake2b-256 of the same nodes alone', median: hashing.median, ratio: measured.median / hashing.median },
  };
}

/** Milliseconds. */
function sample(act: () => number): Sampled {
  let sink = 0;
  for (let i = 0; i < WARM_UP; i++) sink += act();
  const times = Array.from({ length: SAMPLES }, () => {
    const start = performance.now();
    sink += act();
    return performance.now() - start;
  }).sort((a, b) => a - b);
  if (!Number.isFinite(sink)) throw new Error('nothing was measured');
  return { median: times[SAMPLES >> 1] as number, spread: [times[0] as number, times.at(-1) as number] };
}
