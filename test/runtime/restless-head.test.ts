/**
 * A node that stands between two heads of one height before the cut-off, and tells the other one each time it is asked:
 * it is asked once a second, and the epoch is mined.
 */

import { expect, it } from 'vitest';
import { idAddress } from '../../src/chain/address.ts';
import type { CID } from '../../src/chain/encoding/cid.ts';
import { firstBlock, type Tipset, tipsetOf } from '../../src/chain/tipset.ts';
import type { MinerOutcome } from '../../src/miner.ts';
import type { Node } from '../../src/ports/node.ts';
import { CONFIG } from './fixtures/small-chain.ts';
import { smallMiner } from './fixtures/small-miner.ts';

/** More questions than a second of them is worth. */
const STORM = 500;

/**
 * With another miner's block beside those of the head, and after them: the scripted chain knows a base by its first
 * block.
 */
function besides(head: Tipset): Tipset {
  const first = firstBlock(head);
  for (let fill = 0; ; fill++) {
    const both = tipsetOf([...head.blocks, { ...first, miner: idAddress(1001), ticket: { vrfProof: new Uint8Array(96).fill(fill) } }]);
    if (both.key[0]?.equals(head.key[0] as CID)) return both;
  }
}

it('is no storm of questions and records', async () => {
  let asked = 0;
  const restless = (node: Node): Node => ({
    ...node,
    async head(signal) {
      if (++asked > STORM) throw new Error('a storm');
      const head = await node.head(signal);
      return asked % 2 === 0 ? head : besides(head);
    },
  });
  const { miner, chain, runTo } = await smallMiner({ lastEpoch: 2 }, restless);
  const outcomes: MinerOutcome[] = [];
  miner.outcomes$.subscribe((outcome) => outcomes.push(outcome));
  await miner.start();
  await runTo(3);
  expect(outcomes.map(({ epoch, outcome }) => [epoch, outcome.outcome])).toEqual([
    [1, 'mined'],
    [2, 'mined'],
  ]);
  expect(chain.submitted.map(({ header }) => header.height)).toEqual([1, 2]);
  // Five seconds between base and cut-off, two questions in each; three an epoch are asked by who looks for heads.
  expect(CONFIG.equivocationDelaySecs).toBe(5);
  expect(miner.journal().next()).toBeLessThan(120);
  expect(asked).toBeLessThan(60);
  await miner.stop();
});
