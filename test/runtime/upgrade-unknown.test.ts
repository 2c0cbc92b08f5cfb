/**
 * An upgrade that this version does not know, named when an epoch past it has begun: nothing of that epoch is bound or
 * sent, whatever way it came (docs/architecture.md).
 */

import { describe, expect, it } from 'vitest';
import { PortError } from '../../src/errors/port-error.ts';
import type { Value } from '../../src/journal/format/value.ts';
import { openJournal } from '../../src/journal/journal.ts';
import { memoryStore } from '../../src/journal/store/memory-store.ts';
import type { Node } from '../../src/ports/node.ts';
import type { Store } from '../../src/ports/store.ts';
import { runUntilIdle } from '../../src/runtime/drive.ts';
import { bls } from './fixtures/run-epochs.ts';
import { beginOf, smallChain } from './fixtures/small-chain.ts';
import { smallMiner } from './fixtures/small-miner.ts';
import { SMALL_NETWORK } from './fixtures/small-network.ts';

describe('an upgrade that nobody here knows, heard of when an epoch past it has begun', () => {
  /** Named by the network of the second start. */
  const named = { ...SMALL_NETWORK, unknownUpgrades: [{ name: 'Nova', height: 2 }] };
  const ends = async (store: Store) => {
    const found: (readonly [string, Value])[] = [];
    for await (const { record } of (await openJournal({ ...store })).records()) if (record.outcome !== null) found.push([record.stream, record.outcome]);
    return Object.fromEntries(found);
  };

  it('at a restart: the epoch is given up before it binds, and recorded so', async () => {
    const [store, chain] = [memoryStore(), smallChain(bls)];
    const before = await smallMiner({ store: { ...store } }, undefined, chain);
    await before.miner.start();
    await before.runTo(2);
    await before.miner.stop();
    const sent = chain.submitted.length;
    const { miner, faults, clock } = await smallMiner({ store: { ...store }, network: named }, undefined, chain);
    await miner.start();
    await runUntilIdle(miner, clock, beginOf(6));
    expect(chain.submitted).toHaveLength(sent);
    expect(await ends(store)).toMatchObject({ 'f01000/3': { outcome: 'abandoned', why: 'upgrade-unknown' } });
    expect(faults).toContainEqual(expect.objectContaining({ code: 'UPGRADE_UNKNOWN', message: expect.stringContaining('f01000/3 is given up') }));
    expect((await miner.replay()).divergence).toBeNull();
    await miner.stop();
  });

  it('at a restart: a block that was bound is not sent again, and its rows forbid another', async () => {
    const [store, chain] = [memoryStore(), smallChain(bls)];
    let tries = 0;
    const away = (node: Node): Node => ({
      ...node,
      async submitBlock() {
        tries++;
        throw new PortError('NODE_AWAY', 'away', { retryable: true });
      },
    });
    const before = await smallMiner({ store: { ...store } }, away, chain);
    await before.miner.start();
    await before.runTo(3);
    expect(tries).toBeGreaterThan(0);
    const { miner, clock } = await smallMiner({ store: { ...store }, network: { ...named, unknownUpgrades: [{ name: 'Nova', height: 1 }] } }, undefined, chain);
    await miner.start();
    await runUntilIdle(miner, clock, beginOf(6));
    expect(chain.submitted).toEqual([]);
    expect(await ends(store)).toMatchObject({ 'f01000/1': { outcome: 'abandoned', why: 'upgrade-unknown' } });
    expect(miner.journal().slash.atEpoch(1000n, 1)).toBeDefined();
    await miner.stop();
  });

  it.each(['createBlock', 'miningBaseInfo'] as const)('while it goes on, as the node answers %s: nothing of it is bound', async (call) => {
    const unknownUpgrades: { name: string; height: number }[] = [];
    const store = memoryStore();
    const hearing = (node: Node): Node => {
      const hear = (): void => {
        if (unknownUpgrades.length === 0) unknownUpgrades.push({ name: 'Nova', height: 1 });
      };
      return {
        ...node,
        createBlock: (...asked) => node.createBlock(...asked).finally(() => call === 'createBlock' && hear()),
        miningBaseInfo: (...asked) => node.miningBaseInfo(...asked).finally(() => call === 'miningBaseInfo' && hear()),
      };
    };
    const { miner, chain, runTo } = await smallMiner({ store: { ...store }, network: { ...SMALL_NETWORK, unknownUpgrades } }, hearing);
    await miner.start();
    await runTo(4);
    expect(chain.submitted).toEqual([]);
    const end = call === 'createBlock' ? { outcome: 'refused', why: 'upgrade-unknown' } : { outcome: 'failed', failure: { code: 'UPGRADE_UNKNOWN' } };
    const ended = await ends(store);
    expect(ended).toMatchObject({ 'f01000/1': end });
    expect(Object.keys(ended).filter((stream) => stream !== 'f01000/1')).toEqual([]);
    expect((await miner.replay()).divergence).toBeNull();
    await miner.stop();
  });
});

describe('a field of the schedule of upgrades that nobody here knows, and that gives no height', () => {
  it('is said to an embedder, once, at the start; the miner mines on', async () => {
    const { miner, chain, faults, runTo } = await smallMiner({ network: { ...SMALL_NETWORK, unknownFields: ['NovaGasDuration'] } });
    await miner.start();
    expect(faults).toMatchObject([{ code: 'UPGRADE_FIELD_UNKNOWN', message: expect.stringContaining('not heard: "NovaGasDuration";') }]);
    await runTo(3);
    await miner.stop();
    expect(faults).toHaveLength(1);
    expect(chain.submitted.map(({ header }) => header.height)).toEqual([1, 2, 3]);
  });
});
