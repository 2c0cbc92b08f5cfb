/**
 * Win count of an election beside the plainest form of the same arithmetic: one function, no names, no checks, as the
 * figures of other makes were taken.
 */

import { blake2b256 } from '../../src/chain/encoding/hash.ts';
import { computeWinCount } from '../../src/consensus/election.ts';
import type { BenchRow } from './bench-row.ts';
import { samplePair, summary } from './sample.ts';

const vrfProof = new Uint8Array(96).fill(7);
const POWER = 163_840n;
const TOTAL = 286_720n;

const NUMERATOR =
  '-648770010757830093818553637600 67469480939593786226847644286976 -3197587544499098424029388939001856 89244641121992890118377641805348864 -1579656163641440567800982336819953664 17685496037279256458459817590917169152 -115682590513835356866803355398940131328 340282366920938463463374607431768211456';
const DENOMINATOR =
  '1225524182432722209606361 114095592300906098243859450 5665570424063336070530214243 194450132448609991765137938448 5068267641632683791026134915072 104716890604972796896895427629056 1748338658439454459487681798864896 23704654329841312470660182937960448 259380097567996910282699886670381056 2250336698853390384720606936038375424 14978272436876548034486263159246028800 72144088983913131323343765784380833792 224599776407103106596571252037123047424 340282366920938463463374607431768211456';
const [P, Q] = [NUMERATOR, DENOMINATOR].map((list) => list.split(' ').map((digits) => BigInt(digits) << 128n)) as [bigint[], bigint[]];

function plainWinCount(): number {
  let draw = 0n;
  for (const byte of blake2b256(vrfProof)) draw = (draw << 8n) | BigInt(byte);
  const lambda = (POWER * 5n * 2n ** 256n) / TOTAL;
  let above = 0n;
  for (const p of P) above = ((above * lambda) >> 256n) + p;
  let below = 0n;
  for (const q of Q) below = ((below * lambda) >> 256n) + q;
  let probability = (above << 256n) / below;
  let tail = 2n ** 256n - probability;
  let wins = 0;
  while (draw < tail && wins < 15) {
    wins++;
    probability = ((probability / BigInt(wins)) * lambda) >> 256n;
    tail -= probability;
  }
  return wins;
}

export function run(): readonly BenchRow[] {
  const ours = (): number => computeWinCount(vrfProof, POWER, TOTAL);
  if (ours() !== plainWinCount()) throw new Error('the two forms disagree');
  const [wins, plain] = samplePair(ours, plainWinCount, { batch: 2000 });
  const [, hash] = samplePair(ours, () => blake2b256(vrfProof), { batch: 2000 });
  const [measured, reference] = [summary(wins), summary(plain).median];
  return [
    {
      name: `win count (its blake2b-256 alone ${summary(hash).median.toFixed(2)})`,
      unit: 'µs',
      ...measured,
      reference: { name: 'plain BigInt form', median: reference, ratio: measured.median / reference },
      target: 'at most 1.23 times the plain form: 8 µs where that takes 6.5',
    },
  ];
}
