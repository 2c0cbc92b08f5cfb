/** Recorded epochs run once more with something changed (src/replay/what-if.ts). */

import { beforeAll, describe, expect, it } from 'vitest';
import { epochMachine } from '../../machines/epoch.ts';
import { electionDigest } from '../../src/consensus/election.ts';
import type { Value } from '../../src/journal/format/value.ts';
import { type Journal, openJournal } from '../../src/journal/journal.ts';
import { memoryStore } from '../../src/journal/store/memory-store.ts';
import { type Change, type WhatIf, whatIf } from '../../src/replay/what-if.ts';
import { loadMachine } from '../../src/statechart/machine.ts';
import { MACHINES, reMine } from '../journal/fixtures/re-mined.ts';

let journal: Journal;
const outcomes = new Map<string, { readonly outcome: string }>();

beforeAll(async () => {
  journal = await openJournal(memoryStore());
  await reMine(journal, 6);
  for await (const { record } of journal.records()) if (record.outcome !== null) outcomes.set(record.stream, record.outcome as { readonly outcome: string });
});

const run = (stream: string, change: Change, machines = MACHINES): Promise<WhatIf> =>
  whatIf(journal.stream(stream), { machines, shared: journal.shared }, change);
const streamOf = (wanted: string): string => [...outcomes].find(([, { outcome }]) => outcome === wanted)?.[0] as string;
const configured = (change: { readonly [key: string]: Value }): Change => ({
  start(input) {
    const { config, ...rest } = input as { readonly config: { readonly [key: string]: Value } };
    return { ...rest, config: { ...config, ...change } };
  },
});

describe('what if', () => {
  it('nothing had been changed: the recorded outcome, and no departure', async () => {
    for (const [stream, outcome] of outcomes) expect(await run(stream, {})).toMatchObject({ departure: null, end: 'outcome', outcome });
  });

  it('a guard took every election for lost: no block, from the election on', async () => {
    const machines = new Map([...MACHINES, ['epoch', loadMachine(epochMachine.provide({ guards: { isWon: () => false } }))]]);
    const told = await run(streamOf('observed'), {}, machines);
    expect(told.departure?.recorded).toContain('electing -> preparing');
    expect(told.end).toBe('outcome');
  });

  it('the election had gone the other way: what was never asked is not known', async () => {
    const won = (await proofsByDigest())[0] as Value;
    const told = await run(streamOf('lost'), { result: ({ actor, name }) => (actor === 'election' && name === 'signVrf' ? won : undefined) });
    expect(told).toMatchObject({ end: 'unknown', needs: [{ name: 'signVrf' }, { name: 'proveWinningPost' }] });
    const lost = (await proofsByDigest()).at(-1) as Value;
    expect(await run(streamOf('observed'), { result: ({ actor, name }) => (actor === 'election' && name === 'signVrf' ? lost : undefined) })).toMatchObject({
      end: 'outcome',
      outcome: { outcome: 'lost' },
    });
  });

  it('the propagation delay had been another: the chain says which head it had then', async () => {
    expect(await run(streamOf('lost'), configured({ propagationDelaySecs: 2 }))).toMatchObject({
      departure: { seq: expect.any(Number) },
      end: 'outcome',
      outcome: { outcome: 'lost' },
    });
  });

  it('the cut-off had been later: the same head, and the same block', async () => {
    const stream = streamOf('observed');
    const told = await run(stream, configured({ equivocationDelaySecs: 1.25 }));
    expect(told).toMatchObject({
      end: 'outcome',
      outcome: { outcome: 'observed', template: (outcomes.get(stream) as unknown as { template: Value }).template },
    });
    expect(told.departure?.what).toContain('effects');
  });

  it('it had waited for more than an epoch: the head of that time is another, and what the node would have said of it is not known', async () => {
    const told = await run(streamOf('observed'), configured({ propagationDelaySecs: 100 }));
    expect(told).toMatchObject({ end: 'unknown', needs: [{ name: 'getHead' }] });
  });

  it('the node had selected other messages: another template, without a departure before it', async () => {
    const told = await run(streamOf('observed'), { result: ({ name }) => (name === 'getMessages' ? Uint8Array.of(0x80, 0x80) : undefined) });
    expect(told).toMatchObject({ end: 'outcome', outcome: { outcome: 'observed' } });
    expect((told as unknown as { outcome: { template: { messages: Uint8Array } } }).outcome.template.messages).toEqual(Uint8Array.of(0x80, 0x80));
    expect(told.departure?.what).toBe('outcome');
  });

  it('the proof had failed: the epoch fails there, with no node asked', async () => {
    const failing = new Map([...MACHINES, ['epoch', loadMachine(epochMachine.provide({ guards: { isProved: () => false } }))]]);
    expect((await run(streamOf('observed'), {}, failing)).departure).not.toBeNull();
  });
});

async function signatureOf(stream: string): Promise<Value | undefined> {
  for await (const { record } of journal.stream(stream)) if (record.input.type === 'result' && record.input.actor === 'election') return record.input.value;
  return undefined;
}

/** The recorded election proofs: the first wins for any of these miners, the last loses. */
async function proofsByDigest(): Promise<readonly Uint8Array[]> {
  const proofs: Uint8Array[] = [];
  for (const stream of outcomes.keys()) proofs.push((await signatureOf(stream)) as Uint8Array);
  return proofs.sort((a, b) => (electionDigest(a) < electionDigest(b) ? -1 : 1));
}
