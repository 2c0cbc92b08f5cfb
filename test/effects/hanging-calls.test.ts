/**
 * Ports whose calls never settle and do not hear that they were given up, as of a websocket that was dropped: mining
 * goes on when they answer again.
 */

import { describe, expect, it } from 'vitest';
import { type VirtualClock, virtualClock } from '../../src/adapters/virtual-clock.ts';
import { blockCid } from '../../src/chain/block-header.ts';
import { nothing } from '../../src/effects/answers/form.ts';
import { portCalls } from '../../src/effects/answers/port-calls.ts';
import type { MineOneError } from '../../src/errors/mineone-error.ts';
import type { MinerOptions } from '../../src/miner.ts';
import type { Fence, FenceClaim, FenceVerdict } from '../../src/ports/fence.ts';
import type { Node } from '../../src/ports/node.ts';
import { beginOf } from '../runtime/fixtures/small-chain.ts';
import { smallMiner } from '../runtime/fixtures/small-miner.ts';

/** For ever: on its signal first, so that a virtual clock knows that it does nothing. */
const never = <T>(): Promise<T> => new Promise(() => undefined);
const forEver = async <T>(clock: VirtualClock, signal: AbortSignal): Promise<T> => {
  await clock.until(Number.POSITIVE_INFINITY, signal).catch(() => undefined);
  return never();
};

interface Hang {
  /** Epochs in which calls hang: from one, until before another. */
  readonly from: number;
  readonly until: number;
}

/** The production miner over a chain that is its own alone, with ports that hang. */
async function lifeOf(
  { from, until }: Hang,
  last: number,
  oddPorts: (isOn: () => boolean, hang: <T>(signal: AbortSignal) => Promise<T>) => { readonly node?: (node: Node) => Node; readonly fence?: Fence },
) {
  let clock: VirtualClock | undefined;
  let hung = 0;
  const isOn = (): boolean => clock !== undefined && clock.now() >= beginOf(from) && clock.now() < beginOf(until);
  const hang = <T>(signal: AbortSignal): Promise<T> => {
    hung++;
    return forEver(clock as VirtualClock, signal);
  };
  const { node, fence } = oddPorts(isOn, hang);
  const options: Partial<MinerOptions> = fence === undefined ? {} : { fence };
  const life = await smallMiner(options, node);
  clock = life.clock;
  const outcomes: Record<number, string> = {};
  life.miner.outcomes$.subscribe(({ epoch, outcome }) => {
    outcomes[epoch] = outcome.outcome;
  });
  await life.miner.start();
  await life.runTo(last);
  const mined = Object.keys(outcomes)
    .filter((epoch) => outcomes[Number(epoch)] === 'mined')
    .map(Number);
  return { ...life, outcomes, mined, hung, said: life.faults.map(({ code, message }) => `${code} ${message}`) };
}

const from = (least: number, last: number): number[] => Array.from({ length: last - least + 1 }, (_, i) => least + i);

describe('a head that never settles for five epochs', () => {
  it('given a node that answers again: the next epoch is mined, as all after it; it was said once', async () => {
    const { mined, said, hung } = await lifeOf({ from: 4, until: 9 }, 16, (isOn, hang) => ({
      node: (node) => ({ ...node, head: (signal) => (isOn() ? hang(signal) : node.head(signal)) }),
    }));
    expect(mined.filter((epoch) => epoch >= 10)).toEqual(from(10, 15));
    expect(said).toEqual([expect.stringMatching(/^PORT_HANGS node\.head: \d+ calls given up and not ended, since 1970-/)]);
    expect(hung).toBeLessThan(60);
  });

  it('hangs on and on: as few calls hang as one in five seconds', async () => {
    const { hung, said } = await lifeOf({ from: 4, until: 1000 }, 40, (isOn, hang) => ({
      node: (node) => ({ ...node, head: (signal) => (isOn() ? hang(signal) : node.head(signal)) }),
    }));
    expect(hung).toBeLessThan(16 + ((40 - 4) * 30) / 5);
    expect(said).toHaveLength(1);
  });
});

describe('a block whose submission never settles', () => {
  it('is sent again when the call is lost, the same one, and the chain goes on; it was said once', async () => {
    const sent: string[] = [];
    const { mined, said, hung, chain } = await lifeOf({ from: 4, until: 5 }, 14, (isOn, hang) => ({
      node: (node) => ({
        ...node,
        submitBlock(block, signal) {
          if (block.header.height === 4) sent.push(`${blockCid(block.header)}`);
          return isOn() ? hang(signal) : node.submitBlock(block, signal);
        },
      }),
    }));
    expect([hung, sent.length, new Set(sent).size]).toEqual([1, 2, 1]);
    expect(mined).toContain(4);
    expect(mined.filter((epoch) => epoch >= 7)).toEqual(from(7, 13));
    expect(new Set(chain.submitted.map(({ header }) => header.height)).size).toBe(chain.submitted.length);
    expect(said).toEqual([expect.stringMatching(/^PORT_HANGS node\.submitBlock: a call given up/)]);
  });

  it('and none after it: one more a wait, and no faster', async () => {
    let sent = 0;
    const { said } = await lifeOf({ from: 4, until: 1000 }, 24, (isOn, hang) => ({
      node: (node) => ({
        ...node,
        submitBlock(block, signal) {
          if (isOn()) sent++;
          return isOn() ? hang(signal) : node.submitBlock(block, signal);
        },
      }),
    }));
    // Ten seconds until it is given up, thirty until it is lost.
    expect(sent).toBeGreaterThan(8);
    expect(sent).toBeLessThanOrEqual(1 + (20 * 30) / 40);
    expect(said).toHaveLength(1);
  });
});

describe('a claim that never settles', () => {
  const grant = ({ cid }: FenceClaim): FenceVerdict => ({ verdict: 'granted', cid });

  it('is made again when the call is lost, and the chain goes on', async () => {
    const { mined, said, hung } = await lifeOf({ from: 3, until: 5 }, 14, (isOn, hang) => ({
      fence: { claim: async (claim, signal) => (isOn() ? hang(signal) : grant(claim)) },
    }));
    expect(hung).toBeLessThanOrEqual(4);
    expect(mined.filter((epoch) => epoch >= 8)).toEqual(from(8, 13));
    expect(said).toEqual([expect.stringMatching(/^PORT_HANGS fence\.claim: /)]);
  });

  it('given a conflict for the call in its place: a late grant of the lost one lets no block out', async () => {
    const late: ((verdict: FenceVerdict) => void)[] = [];
    let first: FenceClaim | undefined;
    let asked = 0;
    let refused: number | undefined;
    const { clock, chain, runTo, outcomes } = await lifeOf({ from: 3, until: 1000 }, 8, (isOn, hang) => ({
      fence: {
        claim(claim, signal) {
          if (!isOn() || (first !== undefined && !claim.cid.equals(first.cid))) return Promise.resolve(grant(claim));
          first = claim;
          if (asked++ > 0) {
            refused = claim.epoch;
            return Promise.resolve({ verdict: 'conflict', kind: 'double-fork', by: 'another instance' });
          }
          return Promise.race([hang<FenceVerdict>(signal), new Promise<FenceVerdict>((resolve) => late.push(resolve))]);
        },
      },
    }));
    const lost = first as FenceClaim | undefined;
    expect([asked, refused === lost?.epoch, outcomes[lost?.epoch ?? 0]]).toEqual([2, true, 'refused']);
    expect(clock.now()).toBe(beginOf(8));
    late[0]?.({ verdict: 'granted', cid: (lost as FenceClaim).cid });
    await runTo(12);
    const cids = chain.submitted.map(({ header }) => `${blockCid(header)}`);
    expect(cids).not.toContain(`${lost?.cid}`);
    expect(new Set(chain.submitted.map(({ header }) => header.height)).size).toBe(cids.length);
  });
});

describe('calls of a name that hang', () => {
  it('are sixteen, and one more each five seconds; when one that began then ends there is room for all again', async () => {
    const clock = virtualClock(1_000_000);
    const told: MineOneError[] = [];
    const { ask } = portCalls('node', { clock, tell: (fault) => told.push(fault) });
    let made = 0;
    const hang = (): void => {
      const given = new AbortController();
      ask('head', given.signal, nothing, () => {
        made++;
        return new Promise(() => undefined);
      }).catch(() => undefined);
      given.abort();
    };
    const later = async (ms: number): Promise<void> => {
      clock.until(clock.now() + ms, new AbortController().signal);
      clock.ring();
    };
    for (let i = 0; i < 40; i++) hang();
    expect(made).toBe(16);
    await later(5000);
    for (let i = 0; i < 40; i++) hang();
    expect(made).toBe(17);
    await later(5000);
    await ask('head', new AbortController().signal, nothing, async () => undefined);
    for (let i = 0; i < 40; i++) hang();
    expect([made, told.map(({ code }) => code)]).toEqual([33, ['PORT_HANGS', 'PORT_HANGS']]);
  });
});
