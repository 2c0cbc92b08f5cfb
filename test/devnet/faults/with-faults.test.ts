/**
 * Each fault of a port, alone at rate 1: what it does to a node, a prover and a clock that do nothing else. What it
 * does to a miner: the goldens of the real devnet.
 */

import { describe, expect, it } from 'vitest';
import { virtualClock } from '../../../src/adapters/virtual-clock.ts';
import { idAddress } from '../../../src/chain/address.ts';
import type { BlockMessage } from '../../../src/chain/block-message.ts';
import type { BlockTemplate } from '../../../src/consensus/block-template.ts';
import { type FaultName, parseFault } from '../../../src/devnet/faults/fault.ts';
import { withFaults } from '../../../src/devnet/faults/with-faults.ts';
import { startWorldFaults } from '../../../src/devnet/faults/world-faults.ts';
import type { World } from '../../../src/devnet/setting/world.ts';
import type { Node } from '../../../src/ports/node.ts';
import { runUntilIdle } from '../../../src/runtime/drive.ts';

const network = { genesisTimestamp: 1_000n, blockDelaySecs: 30, propagationDelaySecs: 10 };
const BLOCK_MS = 30_000;
const begins = (epoch: number) => 1_000_000 + BLOCK_MS * epoch;
const MINER = idAddress(1000);
const forever = new AbortController().signal;

/** Answers at once; keeps what it heard. */
function plainNode() {
  const heard: string[] = [];
  const listeners: (() => void)[] = [];
  const answer =
    (call: string) =>
    async (..._: readonly unknown[]): Promise<never> => {
      heard.push(call);
      return call as never;
    };
  const node: Node = {
    head: answer('head'),
    beaconEntry: answer('beacon'),
    miningBaseInfo: answer('info'),
    selectMessages: answer('select'),
    createBlock: answer('create'),
    submitBlock: answer('submit'),
    pushMessage: answer('push'),
    tipsetAt: answer('tipset'),
    onHead: (listener) => {
      listeners.push(listener);
      return () => undefined;
    },
  };
  return { node, heard, tell: () => listeners.map((listener) => listener()) };
}

function struckBy(name: FaultName, seed: string, epoch: number) {
  const clock = virtualClock(begins(epoch - 1) + 10_000);
  const plain = plainNode();
  const prover = { winningPost: async () => [{ postProof: 0, proofBytes: Uint8Array.of(1) }] };
  const ports = withFaults({ node: plain.node, prover }, { plan: { seed, faults: [parseFault(`${name}:1`)] }, network, clock });
  return { ...plain, ports, clock };
}

type Ports = ReturnType<typeof struckBy>['ports'];
const template = (epoch: number) => ({ epoch, miner: MINER }) as BlockTemplate;
const block = (epoch: number) => ({ header: { height: epoch, miner: MINER } }) as BlockMessage;
const CALLS: Readonly<Record<string, (ports: Ports, epoch: number) => Promise<unknown>>> = {
  head: ({ node }) => node.head(forever),
  beacon: ({ node }, epoch) => node.beaconEntry(epoch, forever),
  info: ({ node }, epoch) => node.miningBaseInfo(MINER, epoch, [], forever),
  select: ({ node }) => node.selectMessages([], 0.5, forever),
  create: ({ node }, epoch) => node.createBlock(template(epoch), forever),
  submit: ({ node }, epoch) => node.submitBlock(block(epoch), forever),
  tipset: ({ node }) => node.tipsetAt(3, forever),
  prove: ({ prover }, epoch) => prover.winningPost({ miner: MINER, epoch, randomness: new Uint8Array(32), sectors: [], sectorSize: 1n }, forever),
};

/** How long the call took in shares of a block delay, and what came of it. */
async function tried(struck: ReturnType<typeof struckBy>, call: string, epoch: number) {
  const from = struck.clock.now();
  const asked = (CALLS[call] as (typeof CALLS)[string])(struck.ports, epoch).then(
    (value) => ({ value, code: null as string | null, retryable: false }),
    (error: { readonly code: string; readonly retryable: boolean }) => ({ value: undefined, code: error.code, retryable: error.retryable }),
  );
  await runUntilIdle([], struck.clock);
  return { ...(await asked), took: (struck.clock.now() - from) / BLOCK_MS };
}

const SEEDS = Array.from({ length: 40 }, (_, i) => String(i));

describe.for([
  ['slow-head', 'head'],
  ['slow-create', 'create'],
  ['slow-select', 'select'],
  ['slow-prove', 'prove'],
  ['late-beacon', 'beacon'],
] as const)('%s', ([name, slow]) => {
  it('gives the right answer late, sometimes too late, on the clock', async () => {
    const times: number[] = [];
    for (const seed of SEEDS) {
      const { took, code } = await tried(struckBy(name, seed, 5), slow, 5);
      expect(code).toBeNull();
      times.push(took);
    }
    expect(Math.min(...times)).toBeGreaterThan(0.05);
    expect(Math.min(...times)).toBeLessThan(0.7);
    expect(Math.max(...times)).toBeGreaterThan(1);
    expect(Math.max(...times)).toBeLessThan(1.6);
  });

  it.for(Object.keys(CALLS).filter((call) => call !== slow))('leaves %s alone', async (call) => {
    expect(await tried(struckBy(name, '1', 5), call, 5)).toMatchObject({ took: 0, code: null });
  });
});

describe('missing-beacon', () => {
  it('hangs for longer than anybody waits', async () => {
    expect(await tried(struckBy('missing-beacon', '1', 5), 'beacon', 5)).toMatchObject({ code: 'NODE_TIMEOUT', took: 2880 });
  });
});

describe('failing-call', () => {
  it.for(Object.keys(CALLS).filter((call) => call !== 'prove'))('%s fails up to three times, and then no more', async (call) => {
    let goods = 0;
    for (const seed of SEEDS) {
      const struck = struckBy('failing-call', seed, 5);
      const answers = [];
      for (let i = 0; i < 4; i++) answers.push(await tried(struck, call, 5));
      expect(answers[0]?.code).not.toBeNull();
      const isFinal = answers[0]?.retryable === false;
      const codes = answers.map(({ code }) => code);
      expect(codes).toEqual(codes.map((code) => (code === null ? null : isFinal ? 'NODE_ERROR' : 'NODE_UNREACHABLE')));
      expect(answers[3]?.code).toBeNull();
      if (isFinal) goods++;
    }
    expect(goods).toBeGreaterThan(0);
    expect(goods).toBeLessThan(15);
  });
});

it('failing-prove fails for good, and of its epoch alone', async () => {
  const struck = struckBy('failing-prove', '1', 5);
  for (let i = 0; i < 2; i++) expect(await tried(struck, 'prove', 5)).toMatchObject({ code: 'PROVE_FAILED', retryable: false, took: 0 });
});

it('lost-submit: no answer to the first tries, of which the node heard some; then it is as always', async () => {
  const heardOf = new Set<number>();
  for (const seed of SEEDS) {
    const struck = struckBy('lost-submit', seed, 5);
    const answers = [];
    for (let i = 0; i < 4; i++) answers.push(await tried(struck, 'submit', 5));
    expect(answers[0]).toMatchObject({ code: 'NODE_TIMEOUT', retryable: true });
    expect(answers[3]).toMatchObject({ code: null, took: 0 });
    const lost = answers.filter(({ code }) => code !== null).length;
    const heard = struck.heard.length - (4 - lost);
    expect([0, lost]).toContain(heard);
    heardOf.add(heard);
  }
  expect(heardOf.size).toBeGreaterThan(2);
});

it('dropped-subscription: no word of a new head', () => {
  let told = 0;
  const struck = struckBy('dropped-subscription', '1', 5);
  struck.ports.node.onHead?.(() => told++);
  struck.tell();
  expect(told).toBe(0);
  const plain = struckBy('slow-head', '1', 5);
  plain.ports.node.onHead?.(() => told++);
  plain.tell();
  expect(told).toBe(1);
});

describe('clock-skew', () => {
  it('is fast or slow by its share of a block delay, and keeps its own appointments by it', async () => {
    const skews = new Set<number>();
    for (const seed of SEEDS) {
      const clock = virtualClock(begins(5));
      const plan = { seed, faults: [parseFault('clock-skew:0.4')] };
      const own = withFaults({ node: plainNode().node, prover: { winningPost: async () => [] } }, { plan, network, clock }).clock;
      skews.add(own.now() - clock.now());
      let rang = Number.NaN;
      void own.until(own.now() + 7_000, forever).then(() => {
        rang = clock.now();
      });
      await runUntilIdle([], clock);
      expect(rang).toBe(begins(5) + 7_000);
      expect(own.sleepers).toBe(clock.sleepers);
    }
    expect([...skews].sort((a, b) => a - b)).toEqual([-12_000, 12_000]);
  });

  it('goes right again after its window: no appointment rings early by its own clock', async () => {
    for (const seed of SEEDS) {
      const clock = virtualClock(begins(5));
      const own = withFaults(
        { node: plainNode().node, prover: { winningPost: async () => [] } },
        { plan: { seed, faults: [parseFault('clock-skew:0.4')], to: 5 }, network, clock },
      ).clock;
      let by = Number.NaN;
      void own.until(begins(7) + 5_000, forever).then(() => {
        by = own.now();
      });
      await runUntilIdle([], clock);
      expect(by).toBeGreaterThanOrEqual(begins(7) + 5_000);
      expect(by).toBeLessThanOrEqual(begins(7) + 17_000);
      expect(own.now()).toBe(clock.now());
    }
  });
});

describe('faults of the world', () => {
  it.for([
    ['reorg', /^reorg [123]$/],
    ['equivocation', /^cheat two-blocks \d+$/],
    ['null-rounds', /^null \d+ [012]$/],
    ['node-restart', /^restart \d{4,5}$/],
    ['ineligible', /^(debt [01]\d* \d+|fault \d+ \d+)$/],
  ] as const)('%s is pulled once an epoch, as it begins', async ([name, form]) => {
    const clock = virtualClock(begins(4));
    const pulled: string[] = [];
    const world: World = {
      reorg: (depth) => pulled.push(`reorg ${depth}`),
      cheat: (cheat, from) => pulled.push(`cheat ${cheat} ${from}`),
      nullRounds: (from, to) => pulled.push(`null ${from} ${to - from}`),
      setMiner: (_, { feeDebt, consensusFaultElapsed }, from) =>
        pulled.push(feeDebt === undefined ? `fault ${consensusFaultElapsed} ${from}` : `debt ${feeDebt} ${from}`),
      restart: (awayMs) => pulled.push(`restart ${awayMs}`),
    };
    const stop = startWorldFaults(world, [MINER], { plan: { seed: '1', faults: [parseFault(`${name}:1`)], from: 6, to: 8 }, network, clock });
    await runUntilIdle([], clock, begins(4));
    expect(pulled).toEqual([]);
    await runUntilIdle([], clock, begins(12));
    expect(pulled.length).toBeGreaterThanOrEqual(3);
    expect(pulled.length).toBeLessThanOrEqual(6);
    for (const word of pulled) expect(word).toMatch(form);
    stop();
    expect(clock.nextAlarm()).toBeNull();
  });
});
