/**
 * What the records so far amount to: the living actors of every stream, what each has bound and not yet sent, the
 * miners. Live and recovery fold the same.
 */

import { wentOn } from '../journal/chain/checkpoint.ts';
import { effectKeyText } from '../journal/format/input.ts';
import type { Input, JournalRecord } from '../journal/format/record.ts';
import { lastOpening } from '../journal/guard/opening.ts';
import type { Journal } from '../journal/journal.ts';
import { askedOf, type BindInput } from '../mining/effects.ts';
import { CHECKPOINT, CODE, epochStream, NETWORK } from '../mining/stream.ts';
import { foldMiners, type MinerControl, type Miners, withMiner } from '../replay/miners.ts';
import { retake } from '../replay/replay.ts';
import type { Machine } from '../statechart/machine.ts';
import { type ChartActors, type EffectStarted, openEffects } from '../statechart/turn.ts';

export type Start = Extract<Input, { readonly type: 'start' }>;

/** A stream that has not ended. */
export interface LiveStream {
  readonly start: Start;
  readonly actors: ChartActors;
  /** What was bound for it. */
  readonly bound: BindInput | null;
  /** Of the template that was last asked to be made. */
  readonly winCount: number;
  /** Names of the submissions that were asked for. */
  readonly submits: ReadonlySet<string>;
  /** A node took the bound block. */
  readonly submitted: boolean;
}

export interface FoldedState {
  readonly streams: Map<string, LiveStream>;
  miners: Miners;
}

/** A record whose machine decides otherwise now than when it was written. */
export interface Diverged {
  readonly stream: string;
  readonly seq: number;
}

const NO_ACTORS: ChartActors = new Map();

export function emptyWorld(): FoldedState {
  return { streams: new Map(), miners: new Map() };
}

export function freshStream(start: Start): LiveStream {
  return { start, actors: NO_ACTORS, bound: null, winCount: 0, submits: new Set(), submitted: false };
}

/** Between bind and submit: this is never cut. */
export function isHolding({ bound, submitted, start }: LiveStream): boolean {
  return (bound !== null && !submitted) || start.machine === 'deliver';
}

/** Folds a record; `actors` are those after its turn. */
export function foldRecord(world: FoldedState, record: JournalRecord, actors: ChartActors): void {
  const { stream, input } = record;
  world.miners = foldMiners(world.miners, record);
  const before = world.streams.get(stream);
  if (record.outcome !== null || input.type === 'abandoned') world.streams.delete(stream);
  else if (input.type === 'start') world.streams.set(stream, after({ ...freshStream(input), actors }, record));
  else if (input.type === 'result' && before !== undefined) world.streams.set(stream, after({ ...before, actors }, record));
}

function after(stream: LiveStream, { seq, steps, binds, input }: JournalRecord): LiveStream {
  const asked = steps.flatMap(({ effects }) => effects);
  const bind = binds.find(({ verdict }) => (verdict as { readonly verdict: string }).verdict === 'bound');
  const submits = asked.filter(({ name }) => name === 'submitBlock').map(({ n }) => effectKeyText([seq, n]));
  const template = asked.find(({ name }) => name === 'createBlock');
  return {
    ...stream,
    bound: bind === undefined ? stream.bound : askedOf('bind', asked.find(({ n }) => n === bind.n)?.input),
    winCount: template === undefined ? stream.winCount : (template.input as { readonly winCount: number }).winCount,
    submits: submits.length === 0 ? stream.submits : new Set([...stream.submits, ...submits]),
    submitted: stream.submitted || (input.type === 'result' && input.ok && stream.submits.has(effectKeyText(input.key))),
  };
}

export interface Folded {
  readonly world: FoldedState;
  /** Code that wrote last; `null` in a new journal. */
  readonly code: Uint8Array | null;
  /** Asked for and without a result. */
  readonly open: readonly EffectStarted[];
  readonly diverged: readonly Diverged[];
}

/**
 * Reads the streams that have not ended and folds them with today's machines; every step is held against the recorded
 * one.
 */
export async function foldJournal(journal: Journal, machines: ReadonlyMap<string, Machine>): Promise<Folded> {
  const world = emptyWorld();
  const diverged: Diverged[] = [];
  let code: Uint8Array | null = null;
  const rows = [...journal.live()].sort(([, a], [, b]) => a.seq - b.seq);
  for (const [stream] of rows) {
    if (stream === CODE) code = (await lastOpening(journal)).machines;
    else if (stream === CHECKPOINT) continue;
    else if (epochStream(stream) !== null) diverged.push(...(await foldStream(world, journal, machines, stream)));
    // News is for people: nothing follows from it.
    else if (stream !== NETWORK) await foldMiner(world, journal, stream);
  }
  return { world, code, open: [...world.streams].flatMap(([stream, { actors }]) => openEffects(actors, stream)), diverged };
}

/** From where the journal begins, and what was known of it there. */
async function foldMiner(world: FoldedState, journal: Journal, miner: string): Promise<void> {
  const state = wentOn(journal.checkpoint(), miner)?.state ?? null;
  if (state !== null) world.miners = withMiner(world.miners, miner, state as unknown as MinerControl);
  for await (const { record } of journal.stream(miner)) foldRecord(world, record, NO_ACTORS);
}

/** From its last start on. A stream that diverges keeps what it bound and has no actors any more. */
async function foldStream(world: FoldedState, journal: Journal, machines: ReadonlyMap<string, Machine>, stream: string): Promise<Diverged[]> {
  let actors: ChartActors = NO_ACTORS;
  let wrong: Diverged | undefined;
  for await (const { record } of journal.stream(stream)) {
    if (record.input.type === 'start') [actors, wrong] = [NO_ACTORS, undefined];
    if (wrong === undefined) {
      const { actors: next, difference } = retake(actors, record, { machines, shared: journal.shared });
      [actors, wrong] = difference === null ? [next, undefined] : [NO_ACTORS, { stream, seq: record.seq }];
    }
    foldRecord(world, record, actors);
  }
  return wrong === undefined ? [] : [wrong];
}
