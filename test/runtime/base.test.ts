/**
 * What a block stands on: the node's head of the last moment, whatever was waited for; and a node that lags loses no
 * bound block (docs/protocol.md 0, FRC-0051).
 */

import { describe, expect, it } from 'vitest';
import { mockProver } from '../../src/adapters/mock-prover.ts';
import { idAddress } from '../../src/chain/address.ts';
import { blockCid } from '../../src/chain/block-header.ts';
import { cidOf } from '../../src/chain/encoding/cid.ts';
import type { Tipset } from '../../src/chain/tipset.ts';
import { blockOfTemplate } from '../../src/consensus/block-template.ts';
import { PortError } from '../../src/errors/port-error.ts';
import type { MinerOutcome } from '../../src/miner.ts';
import type { Node } from '../../src/ports/node.ts';
import type { Prover } from '../../src/ports/prover.ts';
import { runUntilIdle } from '../../src/runtime/drive.ts';
import { bls } from './fixtures/run-epochs.ts';
import { beginOf } from './fixtures/small-chain.ts';
import { entryOf, type SmallMiner, smallMiner } from './fixtures/small-miner.ts';

const facts = { stateRoot: cidOf(Uint8Array.of(1)), receiptsRoot: cidOf(Uint8Array.of(2)), weight: 0n, baseFee: 100n };
const never = new AbortController().signal;

/** A neighbour's block. */
function rivalOn(head: Tipset, epoch: number, fill = 1) {
  const vrfProof = new Uint8Array(96).fill(fill);
  const template = {
    miner: idAddress(999),
    parents: head.key,
    ticket: { vrfProof },
    electionProof: { winCount: 1, vrfProof },
    beaconEntries: [],
    messages: [],
  };
  return blockOfTemplate(bls, { ...template, epoch, timestamp: BigInt(beginOf(epoch) / 1000), winPoStProof: [] }, facts);
}

interface Late {
  /** Seconds into epoch 4 at which each of these of epoch 5 is answered, and by then has waited. */
  readonly beacon?: number;
  readonly info?: number;
  readonly proof?: number;
  readonly create?: number;
  /** When the neighbour's block of epoch 4 is there. */
  readonly rival: number;
  /** When one of epoch 5 is there, on that. */
  readonly sibling?: number;
}

/** Epoch 4 is not ours: its block is a neighbour's, and comes when it comes. How epoch 5 stands is the question. */
async function epochFive({ beacon, info, proof, create, rival, sibling }: Late) {
  let small: SmallMiner;
  const proofs: number[] = [];
  const at = (seconds: number): number => beginOf(4) + seconds * 1000;
  const until = async (seconds: number | undefined, signal: AbortSignal): Promise<void> => {
    if (seconds !== undefined && small.clock.now() < at(seconds)) await small.clock.until(at(seconds), signal);
  };
  const around = (node: Node): Node => ({
    ...node,
    async beaconEntry(epoch, signal) {
      if (epoch === 5) await until(beacon, signal);
      return node.beaconEntry(epoch, signal);
    },
    async miningBaseInfo(miner, epoch, base, signal) {
      if (epoch === 5) await until(info, signal);
      return node.miningBaseInfo(miner, epoch, base, signal);
    },
    async createBlock(template, signal) {
      if (template.epoch === 4) throw Object.assign(new Error('not ours'), { code: 'NO' });
      if (template.epoch === 5) await until(create, signal);
      return node.createBlock(template, signal);
    },
  });
  const prover: Prover = {
    async winningPost(request, signal) {
      proofs.push(request.epoch);
      if (request.epoch === 5) await until(proof, signal);
      return mockProver().winningPost(request, signal);
    },
  };
  small = await smallMiner({ prover }, around);
  const outcomes: MinerOutcome[] = [];
  small.miner.outcomes$.subscribe((outcome) => outcomes.push(outcome));
  await small.miner.start();
  await small.runTo(4);
  const { node } = small.chain;
  const block = rivalOn(await node.head(never), 4);
  await runUntilIdle(small.miner, small.clock, at(rival) - 1);
  await node.submitBlock(block, never);
  if (sibling !== undefined) {
    await runUntilIdle(small.miner, small.clock, at(sibling) - 1);
    await node.submitBlock(rivalOn(await node.head(never), 5, 3), never);
  }
  await small.runTo(6);
  await small.miner.stop();
  const ours = small.chain.submitted.find(({ header }) => header.height === 5 && header.beaconEntries.length > 0);
  return {
    standsOnIt: ours?.header.parents.some((cid) => cid.equals(blockCid(block.header))) ?? null,
    entries: ours?.header.beaconEntries,
    proved: proofs.filter((epoch) => epoch === 5).length,
    outcome: outcomes.find(({ epoch }) => epoch === 5)?.outcome.outcome,
  };
}

describe("a neighbour's block of the epoch before", () => {
  it.for([
    ['the beacon, until the cut-off', { beacon: 14, rival: 12 }],
    ['the beacon, after the cut-off', { beacon: 18, rival: 12 }],
    ['the beacon, until the epoch has begun', { beacon: 35, rival: 12 }],
    ['the base info', { info: 18, rival: 12 }],
    ['the base info, until the epoch has begun', { info: 33, rival: 12 }],
    ['the proof', { proof: 20, rival: 16 }],
    ['the proof, until the epoch has begun', { proof: 33, rival: 16 }],
    ['the block to be made', { create: 22, rival: 18 }],
  ] as [string, Late][])('that comes while we wait for %s is what ours stands on', async ([, late]) => {
    expect(await epochFive(late)).toEqual({ standsOnIt: true, entries: [entryOf(5)], proved: 1, outcome: 'mined' });
  });

  it('is what ours stands on although another block of our own epoch was quicker', async () => {
    expect(await epochFive({ beacon: 35, rival: 12, sibling: 33 })).toMatchObject({ standsOnIt: true, entries: [entryOf(5)] });
  });

  it('that comes when all is done is too late', async () => {
    expect(await epochFive({ rival: 25 })).toEqual({ standsOnIt: false, entries: [entryOf(4), entryOf(5)], proved: 1, outcome: 'mined' });
  });
});

describe('a head that was told before the process slept', () => {
  it('is asked for once more when it wakes', async () => {
    let small: SmallMiner;
    let slept = false;
    small = await smallMiner({}, (node) => ({
      ...node,
      async head(signal) {
        const head = await node.head(signal);
        const wakes = beginOf(4) + 23_000;
        // The look after the block is made: it was answered, and is heard when the process wakes.
        if (!slept && small.chain.created.at(-1)?.header.height === 5 && small.clock.now() < wakes) {
          slept = true;
          await small.clock.until(wakes, signal);
        }
        return head;
      },
      async createBlock(template, signal) {
        if (template.epoch === 4) throw Object.assign(new Error('not ours'), { code: 'NO' });
        return node.createBlock(template, signal);
      },
    }));
    await small.miner.start();
    await small.runTo(4);
    const block = rivalOn(await small.chain.node.head(never), 4);
    await runUntilIdle(small.miner, small.clock, beginOf(4) + 20_000);
    await small.chain.node.submitBlock(block, never);
    await small.runTo(6);
    await small.miner.stop();
    const ours = small.chain.submitted.find(({ header }) => header.height === 5);
    expect([slept, ours?.header.parents.some((cid) => cid.equals(blockCid(block.header)))]).toEqual([true, true]);
  });
});

describe('a node that was away and comes back behind', () => {
  it('loses no bound block of a lone miner, and the chain goes on', async () => {
    let small: SmallMiner;
    const away = (): boolean => small.clock.now() >= beginOf(3) - 1000 && small.clock.now() < beginOf(4) + 15_000;
    const behind = (): boolean => small.clock.now() >= beginOf(3) - 1000 && small.clock.now() < beginOf(6) + 15_000;
    small = await smallMiner({}, (node) => ({
      ...node,
      head: (signal) => (behind() ? node.tipsetAt(1, signal) : node.head(signal)),
      async submitBlock(block, signal) {
        if (away()) throw new PortError('NODE_UNREACHABLE', 'away', { retryable: true });
        if (behind()) throw Object.assign(new Error('its parents are not known'), { code: 'NODE_REFUSED' });
        return node.submitBlock(block, signal);
      },
    }));
    const outcomes: MinerOutcome[] = [];
    small.miner.outcomes$.subscribe((outcome) => outcomes.push(outcome));
    await small.miner.start();
    await small.runTo(12);
    await small.miner.stop();
    const words = new Map(outcomes.map(({ epoch, outcome }) => [epoch, outcome.outcome]));
    expect(small.chain.submitted.map(({ header }) => header.height)).toContain(3);
    expect(words.get(3)).toBe('mined');
    expect([9, 10, 11].map((epoch) => words.get(epoch))).toEqual(['mined', 'mined', 'mined']);
  });
});
