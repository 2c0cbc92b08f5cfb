/**
 * The fate of a block, asked of a node that is away or behind when the block is final: it is asked again, and nothing
 * is made of what it does not know.
 */

import { expect, it } from 'vitest';
import { firstBlock, type Tipset, tipsetOf } from '../../src/chain/tipset.ts';
import type { JournalRecord } from '../../src/journal/format/record.ts';
import { memoryStore } from '../../src/journal/store/memory-store.ts';
import type { Node } from '../../src/ports/node.ts';
import { runUntilIdle } from '../../src/runtime/drive.ts';
import { bls, rigOf, startEpoch } from './fixtures/run-epochs.ts';
import { beginOf, CONFIG, MINER, smallChain } from './fixtures/small-chain.ts';

/** A tipset as if it stood higher. */
function raised(tipset: Tipset, height: number): Tipset {
  return tipsetOf([{ ...firstBlock(tipset), height, timestamp: CONFIG.genesisTimestamp + BigInt(CONFIG.blockDelaySecs * height) }]);
}

interface Told {
  readonly fate: unknown;
  /** Epochs after genesis at which the node was asked what stands at the block's height. */
  readonly asked: readonly number[];
}

/** The block of epoch 1 is mined, and five epochs on it stands there; then the node knows what it is said to. */
async function fateBy(heightAt: (epoch: number) => number): Promise<Told> {
  const chain = smallChain(bls);
  const asked: number[] = [];
  const now = (): number => Math.floor((clock.now() - beginOf(0)) / 30_000);
  const node: Node = {
    ...chain.node,
    async head(signal) {
      const head = await chain.node.head(signal);
      return now() < 900 ? head : raised(head, heightAt(now()));
    },
    async tipsetAt(height, signal) {
      asked.push(now());
      return chain.node.tipsetAt(height, signal);
    },
  };
  const { runtime, clock } = rigOf({ open: async () => memoryStore(), node, now: beginOf(0) });
  const records: JournalRecord[] = [];
  runtime.records$.subscribe((record) => records.push(record));
  await runtime.start();
  await startEpoch(runtime, 1);
  await runUntilIdle(runtime, clock);
  const fate = records.find(({ stream, outcome }) => stream === `${MINER}/1/fate` && outcome !== null)?.outcome;
  await runtime.stop();
  return { fate, asked };
}

it('is asked once where the chain has come so far', async () => {
  expect(await fateBy((epoch) => epoch - 1)).toEqual({ fate: { fate: 'included' }, asked: [1, 6, 901] });
});

it('is asked again of a node that is days behind, until it has come so far', async () => {
  const { fate, asked } = await fateBy((epoch) => (epoch < 1000 ? 300 : epoch - 1));
  expect(fate).toEqual({ fate: 'included' });
  expect(asked).toEqual([1, 6, 1021]);
});

it('is unknown of a node that never comes so far, though the block was there five epochs on', async () => {
  const { fate, asked } = await fateBy(() => 300);
  expect(fate).toMatchObject({ fate: 'unknown', failure: { code: 'NODE_BEHIND', message: expect.stringContaining('at 300') } });
  expect(asked).toEqual([1, 6]);
});
