/**
 * A run on a virtual clock: calls that wait for the clock hold nothing up, and the run is the same however fast
 * everything else is (src/runtime/drive.ts, in-flight.ts).
 */

import { describe, expect, it } from 'vitest';
import { toHex } from '../../src/chain/encoding/bytes.ts';
import { seededRandom } from '../../src/devnet/setting/seed.ts';
import type { JournalRecord } from '../../src/journal/format/record.ts';
import { runUntilIdle } from '../../src/runtime/drive.ts';
import type { Perform, PerformContext } from '../../src/runtime/options.ts';
import { bls, overAt, rigOf, startEpoch } from './fixtures/run-epochs.ts';
import { beginOf, smallChain } from './fixtures/small-chain.ts';
import { tellingStore } from './fixtures/telling-store.ts';

const MINERS = ['f01000', 'f01001', 'f01002'];
const EPOCHS = 4;

type Sleep = (name: string, context: PerformContext) => Promise<void>;

/** Some calls wait for the virtual clock (by `sleep`), some answers take real time (by `jitter`), and so do writes. */
async function run(sleepOf: (until: (ms: number, signal: AbortSignal) => Promise<void>) => Sleep, jitter: string | null) {
  const random = jitter === null ? null : seededRandom(jitter);
  const pause = async (): Promise<void> => {
    for (let turns = random?.below(6) ?? 0; turns > 0; turns--) await new Promise(setImmediate);
  };
  const store = tellingStore(
    () => undefined,
    () => (random?.chance(0.3) ? 'slow' : null),
  );
  const ticking: { rig?: ReturnType<typeof rigOf> } = {};
  const sleep = sleepOf((ms, signal) => {
    const { clock } = ticking.rig as ReturnType<typeof rigOf>;
    return clock.until(clock.now() + ms, signal);
  });
  const around =
    (perform: Perform): Perform =>
    async (name, input, context) => {
      if (name === 'alarm') return perform(name, input, context);
      await sleep(name, context);
      const answer = await perform(name, input, context);
      await pause();
      return answer;
    };
  const node = { ...smallChain(bls).node, selectMessages: async () => [] };
  const rig = rigOf({ open: store.open, node, now: beginOf(0), around });
  ticking.rig = rig;
  const { runtime, clock } = rig;
  const records: JournalRecord[] = [];
  runtime.records$.subscribe((record) => records.push(record));
  await runtime.start();
  for (let epoch = 1; epoch <= EPOCHS; epoch++) {
    for (const miner of MINERS) void startEpoch(runtime, epoch, miner);
    await runUntilIdle(runtime, clock, overAt(epoch));
  }
  return { records, head: toHex(runtime.journal().headHash()), clock };
}

const wordOf = ({ outcome }: JournalRecord) => (outcome as { readonly outcome?: string } | null)?.outcome;
const resultsOf = (records: readonly JournalRecord[], id: string) => records.filter(({ input }) => input.type === 'result' && input.id === id);

describe('a call that waits for the virtual clock', () => {
  const slowProof = (until: (ms: number, signal: AbortSignal) => Promise<void>): Sleep => {
    return async (name, { signal }) => {
      if (name === 'proveWinningPost') await until(3_000, signal);
    };
  };

  it('takes its time on that clock, and its epoch is mined', async () => {
    const { records } = await run(slowProof, null);
    const proofs = resultsOf(records, 'proveWinningPost');
    expect(proofs.length).toBeGreaterThan(EPOCHS);
    for (const { at } of proofs) expect((at - beginOf(0)) % 30_000).toBe(13_000);
    expect(records.filter((record) => wordOf(record) === 'mined').length).toBeGreaterThan(EPOCHS);
    expect(records.filter((record) => wordOf(record) === 'late' || wordOf(record) === 'failed')).toEqual([]);
  });

  it('holds up nothing that does not need it', async () => {
    const { records } = await run(slowProof, null);
    const tickets = records.filter(({ input }) => input.type === 'result' && input.actor === 'ticket' && input.id === 'signVrf');
    for (const { at } of tickets) expect((at - beginOf(0)) % 30_000).toBe(10_000);
    expect(tickets.length).toBeGreaterThan(EPOCHS);
  });

  it('that outlasts its use is cancelled and waits no more', async () => {
    const { records, clock } = await run(
      (until) =>
        async (name, { signal }) =>
          name === 'proveWinningPost' ? until(86_400_000, signal) : undefined,
      null,
    );
    const ends = new Set(records.map(wordOf).filter((word) => word !== undefined));
    expect(ends).toEqual(new Set(['late']));
    expect(clock.nextAlarm()).toBeNull();
  });
});

describe('a run that mixes what waits for the clock with what takes real time', () => {
  const mixed = (until: (ms: number, signal: AbortSignal) => Promise<void>): Sleep => {
    return async (_, { key: [seq, n], signal }) => {
      if ((seq + n) % 3 === 0) await until(500 * (seq % 4), signal);
    };
  };

  it('is the same whatever the machine does', async () => {
    const plain = await run(mixed, null);
    expect(plain.records.filter((record) => wordOf(record) === 'mined').length).toBeGreaterThan(EPOCHS);
    for (const jitter of ['1', '2', '3', '4']) expect((await run(mixed, jitter)).head).toBe(plain.head);
  });
});
