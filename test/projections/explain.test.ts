/** `explain` on each outcome, as a golden text. The records are made by the real machines in the real runtime; only the world is scripted. */

import { describe, expect, it } from 'vitest';
import { virtualClock } from '../../src/adapters/virtual-clock.ts';
import type { RoundConfig } from '../../src/consensus/mining-round.ts';
import { openJournal } from '../../src/journal/journal.ts';
import { memoryStore } from '../../src/journal/memory-store.ts';
import type { JournalRecord } from '../../src/journal/record.ts';
import type { Value } from '../../src/journal/value.ts';
import { loadMachines } from '../../src/miner.ts';
import { explain } from '../../src/projections/explain.ts';
import { createRuntime } from '../../src/runtime/runtime.ts';
import * as round from '../machines/round.ts';

interface Answer {
  readonly value?: unknown;
  readonly fails?: unknown;
  /** Seconds that it takes. */
  readonly takes?: number;
}

interface Script {
  readonly answers?: Readonly<Record<string, Answer>>;
  readonly config?: RoundConfig;
  /** Seconds after the base is due at which the epoch is begun. */
  readonly begins?: number;
  /** An operator's word after so many seconds. */
  readonly stopAfter?: number;
}

const HAPPY: Readonly<Record<string, Answer>> = {
  alarm: {},
  getHead: { value: round.base },
  getBeaconEntry: { value: round.info.beacon.entries[0], takes: 0.25 },
  getMiningBaseInfo: { value: round.info, takes: 0.5 },
  signVrf: { value: round.vrf, takes: 0.012 },
  proveWinningPost: { value: round.proofs, takes: 1.5 },
  getMessages: { value: round.messages },
  createBlock: { value: round.created, takes: 0.125 },
  claim: { value: { verdict: 'granted' } },
  submitBlock: { value: { at: round.deadlines.submit } },
  getTipset: { value: round.standing },
};

const STREAM = `${round.miner}/${round.epoch}`;
const turns = async (): Promise<void> => {
  for (let i = 0; i < 12; i++) await new Promise((resolve) => setImmediate(resolve));
};

/** Lines of one epoch that goes as the script says. */
async function told({ answers = {}, config = round.config, begins = -1, stopAfter }: Script): Promise<string> {
  const clock = virtualClock(round.deadlines.base + begins * 1000);
  const never = new AbortController().signal;
  const runtime = createRuntime({
    open: () => openJournal(memoryStore()),
    clock,
    machines: loadMachines(),
    code: { hash: new Uint8Array(32), versions: null },
    async perform(name, input, { signal }) {
      if (name === 'alarm') await clock.until((input as { readonly at: number }).at, signal);
      const { value = null, fails, takes } = answers[name] ?? HAPPY[name] ?? {};
      if (takes !== undefined) await clock.until(clock.now() + takes * 1000, signal);
      if (fails !== undefined) throw fails;
      return value as Value;
    },
  });
  const records: JournalRecord[] = [];
  runtime.records$.subscribe((record) => record.stream === STREAM && records.push(record));
  await runtime.start();
  await runtime.command(round.miner, 'add');
  runtime.epochStarted(round.epoch, config as unknown as Value);
  if (stopAfter !== undefined) void clock.until(clock.now() + stopAfter * 1000, never).then(() => runtime.command(round.miner, 'stop'));
  const isOver = (): boolean => records.at(-1) !== undefined && records.at(-1)?.outcome !== null;
  for (await turns(); !isOver() && clock.ring(); await turns());
  return explain(records).join('\n');
}

const failure = (code: string, message: string, retryable = false) => Object.assign(new Error(message), { code, retryable });

describe('explain', () => {
  const stories: Readonly<Record<string, Script>> = {
    mined: {},
    'mined, slowly': { answers: { createBlock: { value: round.created, takes: 21 } } },
    observed: { config: round.observing },
    lost: { answers: { getMiningBaseInfo: { value: { ...round.info, networkPower: round.info.power * 100n } } } },
    'lost without power': { answers: { getMiningBaseInfo: { value: round.powerless } } },
    'ineligible: fee-debt': { answers: { getMiningBaseInfo: { value: round.inDebt } } },
    'ineligible: no active sectors': { answers: { getMiningBaseInfo: { value: null } } },
    'late: beacon, refused again and again': { answers: { getBeaconEntry: { fails: failure('NODE_UNREACHABLE', 'connection refused', true) } } },
    'late: base, begun too late': { answers: { getHead: { value: round.headTooHigh } }, begins: 60 },
    'late: prove': { answers: { proveWinningPost: { value: round.proofs, takes: 90 } } },
    'late: submit': { answers: { submitBlock: { fails: failure('TOO_LATE', 'the chain went on') }, getTipset: { value: round.others } } },
    'refused: fence-conflict': { answers: { claim: { value: { verdict: 'conflict', kind: 'double-fork', by: 'a block of another instance' } } } },
    'refused: invalid': { answers: { createBlock: { value: { ...round.created, mismatch: "the block's ticket is not the template's" } } } },
    rejected: { answers: { submitBlock: { fails: failure('NODE_REFUSED', 'block was not signed by the worker') }, getTipset: { value: round.others } } },
    'failed: a key that nobody holds': { answers: { signVrf: { fails: failure('SIGNER_KEY_MISSING', 'the key is not held here') } } },
    stopped: { stopAfter: 2 },
    poisoned: { answers: { signVrf: { value: 'no bytes' } } },
  };

  it.for(Object.entries(stories))('%s', async ([name, script]) => {
    const text = await told(script);
    expect(text.split('\n')[0]).toContain(`${round.miner}, epoch ${round.epoch} of test: `);
    await expect(text).toMatchFileSnapshot(`goldens/${name.replaceAll(/[^a-z]+/g, '-')}.txt`);
  });

  it('says nothing of what is no epoch', () => {
    expect(explain([])).toEqual([]);
  });
});
