/** createMiner and its streams, on a virtual clock over the scripted chain (docs/architecture.md 5). */

import { take } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { toHex } from '../src/chain/encoding/bytes.ts';
import type { Input, JournalRecord } from '../src/journal/format/record.ts';
import { openJournal } from '../src/journal/journal.ts';
import { memoryStore } from '../src/journal/store/memory-store.ts';
import type { MinerOutcome } from '../src/miner.ts';
import type { Head } from '../src/mining/round.ts';
import type { Node } from '../src/ports/node.ts';
import { temporaryFolder } from './journal/fixtures/temporary-folder.ts';
import { bls } from './runtime/fixtures/run-epochs.ts';
import { beginOf, smallChain } from './runtime/fixtures/small-chain.ts';
import { smallMiner } from './runtime/fixtures/small-miner.ts';
import { SMALL_NETWORK } from './runtime/fixtures/small-network.ts';
import { tellingStore } from './runtime/fixtures/telling-store.ts';

const seqs = (records: readonly JournalRecord[]) => records.map(({ seq }) => seq);
const upTo = (from: number, end: number): readonly number[] => Array.from({ length: end - from }, (_, i) => from + i);

describe('a miner', () => {
  it('mines each epoch as it comes, tells each outcome once, and replays', async () => {
    const { miner, chain, runTo } = await smallMiner();
    const outcomes: MinerOutcome[] = [];
    miner.outcomes$.subscribe((outcome) => outcomes.push(outcome));
    await miner.start();
    await runTo(6);
    expect(outcomes.map(({ epoch, outcome }) => [epoch, outcome.outcome])).toEqual([1, 2, 3, 4, 5].map((epoch) => [epoch, 'mined']));
    expect(chain.submitted.map(({ header }) => header.height)).toEqual([1, 2, 3, 4, 5, 6]);
    expect((await miner.replay()).divergence).toBeNull();
    expect(await miner.replay({ epoch: 3 })).toMatchObject({ divergence: null });
    await expect(miner.replay({ epoch: 99 })).rejects.toMatchObject({ code: 'REPLAY_EMPTY', message: 'no record of epoch 99 is in the journal' });
    await miner.stop();
  });

  it('begins no epoch of one that was stopped, until it is started again', async () => {
    const { miner, chain, runTo } = await smallMiner();
    await miner.start();
    await runTo(1);
    await miner.command('f01000', 'stop');
    await runTo(3);
    await miner.command('f01000', 'start');
    await runTo(5);
    expect(chain.submitted.map(({ header }) => header.height)).toEqual([1, 5]);
    await expect(miner.command('f01009', 'stop')).rejects.toMatchObject({ code: 'MINER_UNKNOWN' });
    await miner.stop();
  });

  it('begins no epoch after the last that it is to mine', async () => {
    const { miner, chain, runTo } = await smallMiner({ lastEpoch: 3 });
    await miner.start();
    await runTo(6);
    expect(chain.submitted.map(({ header }) => header.height)).toEqual([1, 2, 3]);
    await miner.stop();
  });

  it('begins no epoch of one that is not named any more, until it is named again', async () => {
    const [store, chain] = [memoryStore(), smallChain(bls)];
    const begunUntil = async (epoch: number, ...miners: readonly string[]): Promise<readonly string[]> => {
      const { miner, runTo } = await smallMiner({ store: { ...store }, miners }, undefined, chain);
      const streams: string[] = [];
      miner.transitions$.subscribe(({ stream, input }) => input.type === 'start' && input.machine === 'epoch' && streams.push(stream));
      await miner.start();
      await runTo(epoch);
      await miner.command('f01000', 'stop');
      await miner.stop();
      return streams;
    };
    expect(await begunUntil(0, 'f01000', 'f01001')).toEqual(['f01000/1', 'f01001/1']);
    expect(await begunUntil(1, 'f01000')).toEqual(['f01000/2']);
    expect([...(await begunUntil(2, 'f01000', 'f01001'))].sort()).toEqual(['f01000/3', 'f01001/2', 'f01001/3']);
  });

  it.each([true, false])('that was halted begins nothing after a restart either, until an operator says so (it ran when it was: %s)', async (ran) => {
    const store = memoryStore();
    const journal = await openJournal({ ...store, close: async () => undefined });
    const say = (input: Input) => journal.add({ at: beginOf(0), stream: 'f01000', input, steps: [], binds: [], outcome: null });
    if (ran) say({ type: 'miner', command: 'add' });
    say({ type: 'poison', message: 'a bug', input: null });
    await journal.flush();
    const { miner, chain, runTo } = await smallMiner({ store });
    await miner.start();
    await runTo(3);
    expect(chain.submitted).toEqual([]);
    await miner.command('f01000', 'start');
    await runTo(5);
    expect(chain.submitted.map(({ header }) => header.height)).toEqual([5]);
    await miner.stop();
  });

  it('is the same twice', async () => {
    const heads = await Promise.all(
      [1, 2].map(async () => {
        const { miner, runTo } = await smallMiner();
        await miner.start();
        await runTo(4);
        const head = toHex(miner.journal().headHash());
        await miner.stop();
        return head;
      }),
    );
    expect(heads[0]).toBe(heads[1]);
  });
});

describe('a miner of a network with an upgrade that nobody here knows', () => {
  it('begins no epoch at its height or after, and says so before and when it comes', async () => {
    const network = { ...SMALL_NETWORK, unknownUpgrades: [{ name: 'Nova', height: 4 }] };
    const { miner, chain, faults, runTo } = await smallMiner({ network });
    await miner.start();
    expect(faults).toEqual([]);
    await runTo(1);
    expect(faults).toMatchObject([{ code: 'UPGRADE_UNKNOWN', message: expect.stringContaining('no epoch from 4 on is begun, in 2 minutes') }]);
    await runTo(9);
    expect(faults).toHaveLength(2);
    expect(faults[1]).toMatchObject({ code: 'UPGRADE_UNKNOWN', message: expect.stringContaining('nothing is mined any more, since epoch 4') });
    expect(chain.submitted.map(({ header }) => header.height)).toEqual([1, 2, 3]);
    expect((await miner.replay()).divergence).toBeNull();
    await miner.stop();
  });

  it('mines nothing at all where the network was born with it', async () => {
    const { miner, chain, faults, runTo } = await smallMiner({ network: { ...SMALL_NETWORK, genesisVersion: 30 } });
    await miner.start();
    await runTo(5);
    expect(faults.map(({ code }) => code)).toEqual(['UPGRADE_UNKNOWN']);
    expect(chain.submitted).toEqual([]);
    await miner.stop();
  });
});

describe('transitions$', () => {
  it('from a seq catches up and follows, without a gap and without a repeat, and ends with the miner', async () => {
    const store = memoryStore();
    const before = await smallMiner({ store });
    await before.miner.start();
    await before.runTo(2);
    const written = before.miner.journal().next();
    await before.miner.stop();
    const { miner, runTo } = await smallMiner({ store: { ...store } }, undefined, before.chain);
    const all: JournalRecord[] = [];
    const some: JournalRecord[] = [];
    const live: JournalRecord[] = [];
    const ends: string[] = [];
    miner.transitions$.from(0).subscribe({ next: (record) => all.push(record), complete: () => ends.push('all') });
    miner.transitions$.subscribe({ next: (record) => live.push(record), complete: () => ends.push('live') });
    await miner.start();
    miner.transitions$.from(7).subscribe({ next: (record) => some.push(record), complete: () => ends.push('some') });
    await runTo(4);
    const end = miner.journal().next();
    await miner.stop();
    await new Promise((resolve) => setTimeout(resolve, 10));
    expect(end).toBeGreaterThan(written + 5);
    expect(seqs(all)).toEqual(upTo(0, end));
    expect(seqs(some)).toEqual(upTo(7, end));
    expect(seqs(live)).toEqual(upTo(written, end));
    expect(ends.sort()).toEqual(['all', 'live', 'some']);
  });

  it.each([0, 1, 2, 3])('from a seq tells the last records of a miner that is stopped too: in epoch %i, in LevelDB', async (epoch) => {
    const { miner, runTo } = await smallMiner({ dataDir: temporaryFolder() });
    const all: JournalRecord[] = [];
    const left: JournalRecord[] = [];
    const ends: string[] = [];
    miner.transitions$.from(0).subscribe({ next: (record) => all.push(record), complete: () => ends.push('all') });
    // One that left is not waited for.
    miner.transitions$
      .from(0)
      .pipe(take(2))
      .subscribe({ next: (record) => left.push(record), complete: () => ends.push('left') });
    await miner.start();
    await runTo(epoch);
    await miner.command('f01000', 'stop');
    const end = miner.journal().next();
    await miner.stop();
    expect(seqs(all)).toEqual(upTo(0, end));
    expect(seqs(left)).toEqual([0, 1]);
    await new Promise(setImmediate);
    expect(ends).toEqual(['left', 'all']);
  });

  it('from a seq tells what there is of a miner that never began', async () => {
    const store = memoryStore();
    const before = await smallMiner({ store });
    await before.miner.start();
    await before.runTo(1);
    const end = before.miner.journal().next();
    await before.miner.stop();
    const { miner } = await smallMiner({ store: { ...store } }, undefined, before.chain);
    const all: JournalRecord[] = [];
    miner.transitions$.from(0).subscribe((record) => all.push(record));
    await miner.stop();
    expect(seqs(all)).toEqual(upTo(0, end));
  });

  it('from a seq goes on across a batch that failed', async () => {
    const store = tellingStore(
      () => undefined,
      (n) => (n === 9 ? 'EIO' : null),
    );
    const { miner, runTo, faults } = await smallMiner({ store: store.open });
    const all: JournalRecord[] = [];
    miner.transitions$.from(0).subscribe((record) => all.push(record));
    await miner.start();
    await runTo(3);
    expect(faults.map(({ code }) => code)).toEqual(['JOURNAL_UNKNOWN']);
    expect(seqs(all)).toEqual(upTo(0, miner.journal().next()));
    await miner.stop();
  });

  it('fails when mining cannot go on', async () => {
    const store = tellingStore(
      () => undefined,
      (n) => (n > 9 ? 'EIO' : null),
    );
    const { miner, runTo } = await smallMiner({ store: store.open });
    const errors: unknown[] = [];
    miner.transitions$.from(0).subscribe({ error: (error) => errors.push(error) });
    miner.outcomes$.subscribe({ error: (error) => errors.push(error) });
    await miner.start();
    await expect(runTo(3)).rejects.toMatchObject({ code: 'RUNTIME_FAILED' });
    await new Promise((resolve) => setTimeout(resolve, 10));
    expect(errors).toMatchObject([{ code: 'RUNTIME_FAILED' }, { code: 'RUNTIME_FAILED' }]);
  });
});

describe('heads', () => {
  it('are told each once, and asked for by nobody after the end', async () => {
    const { miner, runTo } = await smallMiner();
    const seen: number[] = [];
    let over = false;
    miner.tipset$.subscribe({ next: ({ height }) => seen.push(height), complete: () => (over = true) });
    await miner.start();
    await runTo(3);
    // The block of epoch 3 goes out as it begins, and is seen when the head is looked at next.
    expect(seen).toEqual([0, 1, 2]);
    await miner.stop();
    expect(over).toBe(true);
  });

  it('that come in time cost no record of their own', async () => {
    const { miner, runTo } = await smallMiner();
    const records: JournalRecord[] = [];
    miner.transitions$.subscribe((record) => records.push(record));
    await miner.start();
    await runTo(4);
    expect(records.filter(({ input }) => input.type === 'seen')).toEqual([]);
    await miner.stop();
  });

  it('that come too late to be a base are kept once for all miners, and when', async () => {
    const store = memoryStore();
    const { miner, clock, runTo } = await smallMiner({ store, miners: ['f01000', 'f01001'] }, (node) => hearingLate(node, () => clock.now()));
    const records: JournalRecord[] = [];
    miner.transitions$.subscribe((record) => records.push(record));
    await miner.start();
    await runTo(3);
    const seen = records.filter(({ input }) => input.type === 'seen');
    expect(seen.map(({ stream, at, input }) => [stream, at - beginOf(1), input])).toMatchObject([
      ['network', 15_000, { what: 'head', value: { height: 1 } }],
      ['network', 45_000, { what: 'head', value: { height: 2 } }],
    ]);
    const bases = records.flatMap(({ input }) => (input.type === 'result' && input.id === 'getHead' ? [(input.value as unknown as Head).height] : []));
    expect(bases).toContain(0);
    await miner.stop();
    const again = await smallMiner({ store });
    await again.miner.start();
    await again.miner.stop();
  });

  it('are told when the node says so', async () => {
    let told: () => void = () => undefined;
    const left: string[] = [];
    const telling = (node: Node): Node => ({
      ...node,
      async submitBlock(block, signal) {
        await node.submitBlock(block, signal);
        told();
      },
      onHead(listener) {
        told = listener;
        return () => left.push('left');
      },
    });
    const { miner, clock, runTo } = await smallMiner({}, telling);
    const seen: number[] = [];
    miner.tipset$.subscribe(({ height }) => seen.push(clock.now() - beginOf(height)));
    await miner.start();
    await runTo(3);
    expect(seen).toEqual([0, 0, 0, 0]);
    await miner.stop();
    expect(left).toEqual(['left']);
  });
});

/** The node hears of each block fifteen seconds into its epoch, five after the next one took its base. */
function hearingLate(node: Node, now: () => number): Node {
  return { ...node, head: (signal) => node.tipsetAt(Math.max(0, Math.floor((now() - 15_000 - beginOf(0)) / 30_000)), signal) };
}
