/** Win count of an election beside the hash that it cannot do without. */

import { blake2b256 } from '../../src/chain/hash.ts';
import { computeWinCount } from '../../src/consensus/election.ts';
import type { BenchRow } from './bench-row.ts';
import { samplePair, summary } from './sample.ts';

export function run(): readonly BenchRow[] {
  const vrfProof = new Uint8Array(96).fill(7);
  const [wins, hash] = samplePair(
    () => computeWinCount(vrfProof, 163_840n, 286_720n),
    () => blake2b256(vrfProof),
    { batch: 2000 },
  );
  const reference = summary(hash).median;
  const measured = summary(wins);
  return [
    {
      name: 'win count',
      unit: 'µs',
      ...measured,
      reference: { name: 'blake2b-256 of the proof alone', median: reference, ratio: measured.median / reference },
      target: 'at most 8 µs',
    },
  ];
}
