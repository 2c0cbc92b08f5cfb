/**
 * A lone miner dies between bind and submit, and its node with it: the chain stood for ever, for the node that came
 * back knew no message of the block.
 */

import { expect, it } from 'vitest';
import { keySigner } from '../../src/adapters/key-signer.ts';
import { mockProver } from '../../src/adapters/mock-prover.ts';
import { type VirtualClock, virtualClock } from '../../src/adapters/virtual-clock.ts';
import type { BlockMessage } from '../../src/chain/block-message.ts';
import { decodeEntry } from '../../src/devnet/chain/kept-entry.ts';
import { createDevnet, type Devnet } from '../../src/devnet/devnet.ts';
import { PortError } from '../../src/errors/port-error.ts';
import { memoryStore } from '../../src/journal/store/memory-store.ts';
import { createMiner, type Miner } from '../../src/miner.ts';
import type { Node } from '../../src/ports/node.ts';
import type { Store } from '../../src/ports/store.ts';
import { runUntilIdle } from '../../src/runtime/drive.ts';
import { bls, GENESIS } from '../devnet/fixtures/mined.ts';

const EPOCH_MS = 30_000;

interface Life {
  readonly devnet: Devnet;
  readonly miner: Miner;
  readonly clock: VirtualClock;
}

async function begin(
  journal: Store,
  entries: readonly Uint8Array[],
  at: number,
  append: (entry: Uint8Array) => void,
  change: (node: Node) => Node,
): Promise<Life> {
  const clock = virtualClock(at);
  const devnet = createDevnet({ seed: 'alone', clock, bls, miners: 1, traffic: 20, genesisTimestamp: GENESIS, store: { entries, append } });
  const keys = devnet.miners.map(({ privateKey }) => privateKey);
  const ports = { node: change(devnet.node), signer: keySigner(bls, keys), prover: mockProver(), clock, bls };
  const miner = await createMiner({ ...ports, network: devnet.network, miners: ['f01000'], store: () => Promise.resolve(journal), ordered: true });
  devnet.start();
  await miner.start();
  return { devnet, miner, clock };
}

/**
 * Both as they are left by a kill after the first submission of a block with messages was asked for, and before it
 * arrived.
 */
async function killed(): Promise<{ readonly journal: Store; readonly entries: readonly Uint8Array[]; readonly at: number; readonly lost: BlockMessage }> {
  const journal = memoryStore();
  const entries: Uint8Array[] = [];
  let lost: BlockMessage | null = null;
  const dying = (node: Node): Node => ({
    ...node,
    async submitBlock(block, signal) {
      if (lost === null && block.blsMessages.length === 0) return node.submitBlock(block, signal);
      lost = block;
      throw new PortError('NODE_UNREACHABLE', 'connection refused', { retryable: true });
    },
  });
  const { miner, clock } = await begin(journal, [], Number(GENESIS) * 1000, (entry) => entries.push(entry), dying);
  while (lost === null) await runUntilIdle(miner, clock, clock.nextAlarm() ?? 0);
  return { journal, entries, at: clock.now(), lost };
}

it.for([
  { node: 'kept them when it made the block', entries: () => true, pushes: false },
  { node: 'has forgotten them: they are pushed again', entries: (entry: Uint8Array) => decodeEntry(entry).kind !== 'messages', pushes: true },
])('the node that comes back $node, and the chain goes on', async ({ entries: keeps, pushes }) => {
  const { journal, entries, at, lost } = await killed();
  expect(entries.some((entry) => decodeEntry(entry).kind === 'messages')).toBe(true);
  let pushed = 0;
  const counting = (node: Node): Node => ({
    ...node,
    pushMessage(message, signal) {
      pushed++;
      return node.pushMessage(message, signal);
    },
  });
  const { devnet, miner, clock } = await begin(journal, entries.filter(keeps), at, () => undefined, counting);
  await runUntilIdle(miner, clock, at + 4 * EPOCH_MS);
  expect(pushed).toBe(pushes ? lost.blsMessages.length + lost.secpkMessages.length : 0);
  expect(devnet.head().height).toBeGreaterThan(lost.header.height);
  expect(devnet.view.firstFrom(devnet.head(), lost.header.height).blocks).toEqual([lost.header]);
});
