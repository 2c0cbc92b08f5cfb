/**
 * Inputs into records, on one open journal: the turn, poison and what it fences, and what follows of itself in the same
 * batch (docs/architecture.md 3).
 */

import { idOf, parseAddress } from '../chain/address.ts';
import type { Epoch } from '../chain/epoch.ts';
import { MineOneError } from '../errors/mineone-error.ts';
import { settled, settledInput } from '../journal/chain/settled.ts';
import { wasBegun } from '../journal/format/begun.ts';
import type { Input, JournalRecord } from '../journal/format/record.ts';
import { asValue, type Value } from '../journal/format/value.ts';
import type { Journal } from '../journal/journal.ts';
import { epochOf, minerOf } from '../mining/stream.ts';
import type { Clock } from '../ports/clock.ts';
import { abandonedOutcome } from '../replay/ended.ts';
import { isFenced } from '../replay/miners.ts';
import type { Machine } from '../statechart/machine.ts';
import { type EffectStarted, type Turn, takeTurn } from '../statechart/turn.ts';
import { type Bind, bindWith } from './bind.ts';
import { isMoved } from './failure.ts';
import { type FoldedState, foldRecord, freshStream, type Start } from './folded-state.ts';
import type { InFlight } from './in-flight.ts';
import { afterEnd, endUnbound, isRefusedUnsent, type Mail } from './rescue.ts';

export interface SessionParts {
  readonly journal: Journal;
  readonly world: FoldedState;
  readonly machines: ReadonlyMap<string, Machine>;
  readonly clock: Clock;
  readonly publish: (record: JournalRecord) => void;
  readonly begin: (effect: EffectStarted) => void;
  readonly flight: InFlight;
  readonly onFault: (fault: MineOneError) => void;
  /** The last epoch that may be mined. */
  readonly lastEpoch: () => Epoch;
}

export interface Session {
  readonly journal: Journal;
  readonly world: FoldedState;
  /**
   * Steps an input; `null` when nobody waits for it. Throws `VALUE_REFUSED` for one that no record can hold,
   * `JOURNAL_…` when the journal cannot go on.
   */
  handle(stream: string, input: Input): Promise<JournalRecord | null>;
  /** Ends a stream whose recorded steps are not what its machine makes of them now. */
  diverged(stream: string, seq: number, isUpgrade: boolean): void;
  /** Something to do once the batch is on disk. */
  later(act: () => void): void;
  /** What there is to do now that it is, in order. */
  taken(): readonly (() => void)[];
}

type Stepping = Extract<Input, { readonly type: 'start' | 'result' }>;

interface Open extends SessionParts {
  readonly bind: Bind;
  acts: (() => void)[];
  /** Streams that begin with this batch. */
  readonly begun: Set<string>;
}

export function sessionOn(parts: SessionParts): Session {
  const { journal, world, clock } = parts;
  const open: Open = { ...parts, bind: bindWith(journal, parts.lastEpoch), acts: [], begun: new Set() };
  return {
    journal,
    world,
    async handle(stream, asked) {
      const input = readable(journal, clock, asked.type === 'start' ? sharing(journal, asked) : asked);
      if (input.type === 'start') return (await mayBegin(open, stream)) ? step(open, stream, input) : null;
      if (input.type === 'result') return step(open, stream, input);
      if (input.type === 'miner') return command(open, stream, input);
      return input.type === 'abandoned' || input.type === 'poison' ? end(open, stream, input) : write(open, stream, input);
    },
    diverged: (stream, seq, isUpgrade) => diverged(open, stream, seq, isUpgrade),
    later: (act) => open.acts.push(act),
    taken() {
      const taken = open.acts;
      open.acts = [];
      open.begun.clear();
      return taken;
    },
  };
}

function write({ journal, world, clock, acts, publish }: Open, stream: string, input: Input, turn: Partial<Turn> = {}): JournalRecord {
  const record = journal.add({ at: clock.now(), stream, input, steps: turn.steps ?? [], binds: turn.binds ?? [], outcome: turn.outcome ?? null });
  foldRecord(world, record, turn.actors ?? new Map());
  acts.push(() => publish(record));
  return record;
}

function step(open: Open, stream: string, input: Stepping): JournalRecord | null {
  const { journal, world, machines, flight, acts } = open;
  const before = world.streams.get(stream);
  if (input.type === 'start') open.begun.add(stream);
  else if (before === undefined) return null;
  const seq = journal.next();
  let turn: Turn | null;
  let record: JournalRecord;
  try {
    const actors = input.type === 'start' || before === undefined ? new Map() : before.actors;
    turn = takeTurn(actors, input, { stream, seq, machines, shared: journal.shared, bind: (_, asked) => settled(journal.shared, open.bind(asked, seq)) });
    if (turn === null) return null;
    record = write(open, stream, input, turn);
  } catch (error) {
    if (ofJournal(error)) throw error;
    journal.slash.undo(seq);
    return poison(open, stream, (error as Error).message, asValue(input));
  }
  const { cancelled, started } = turn;
  acts.push(() => cancelled.forEach(flight.cancel));
  acts.push(() => started.forEach(open.begin));
  if (before !== undefined && isRefusedUnsent(before, record.outcome)) journal.slash.annul(idOf(parseAddress(before.bound.miner)), before.bound.epoch);
  if (record.outcome !== null) follow(open, afterEnd(stream, before ?? freshStream(input as Start), record.outcome, machines));
  return record;
}

/** Ends a stream from outside its machine. */
function end(open: Open, stream: string, input: Extract<Input, { readonly type: 'abandoned' | 'poison' }>): JournalRecord | null {
  const { world, machines, flight, acts } = open;
  const was = world.streams.get(stream);
  const outcome = abandonedOutcome(input.type === 'poison' ? 'poisoned' : input.why);
  if (was === undefined && input.type === 'abandoned') return null;
  const record = write(open, stream, input, { outcome });
  const why = new MineOneError('EFFECT_CANCELLED', `${stream} has ended`);
  acts.push(() => flight.cancelAll(why, (effect) => effect.stream === stream));
  if (was !== undefined) follow(open, afterEnd(stream, was, outcome, machines));
  return record;
}

/** The miner's own stream says it too: that is what a start reads. */
function poison(open: Open, stream: string, message: string, input: Value): JournalRecord | null {
  const miner = minerOf(stream);
  const record = end(open, stream, { type: 'poison', message, input });
  if (miner === null) return record;
  write(open, miner, { type: 'poison', message: `${stream}: ${message}`, input: null });
  follow(open, endUnbound(open.world, miner, 'poisoned'));
  const said = `${miner} is fenced: a step of ${stream} failed: ${message}; see \`mineone explain\`; it begins no epoch until \`miner.command('${miner}', 'start')\` of the library says so`;
  open.acts.push(() => open.onFault(new MineOneError('MINER_POISONED', said)));
  return record;
}

function diverged(open: Open, stream: string, seq: number, isUpgrade: boolean): void {
  const message = `record ${seq} steps otherwise than it was recorded`;
  if (!isUpgrade) poison(open, stream, message, null);
  else if (end(open, stream, { type: 'abandoned', why: 'upgraded' }) !== null) {
    open.acts.push(() => open.onFault(new MineOneError('EPOCH_UPGRADED', `${stream} is given up: ${message}, by other code`)));
  }
}

function follow(open: Open, mails: readonly Mail[]): void {
  for (const { stream, input } of mails) {
    if (input.type === 'start') step(open, stream, settledInput(open.journal.shared, input));
    else if (input.type === 'abandoned') end(open, stream, input);
  }
}

function command(open: Open, stream: string, input: Extract<Input, { readonly type: 'miner' }>): JournalRecord {
  const record = write(open, stream, input);
  if (input.command === 'stop' || input.command === 'remove') follow(open, endUnbound(open.world, stream, 'stopped'));
  return record;
}

/** A name begins once; an epoch of a fenced miner not at all, nor one past an upgrade that is not known. */
async function mayBegin({ journal, world, begun, lastEpoch }: Open, stream: string): Promise<boolean> {
  if ((epochOf(stream) ?? 0) > lastEpoch()) return false;
  if (isFenced(world.miners, minerOf(stream)) || world.streams.has(stream) || begun.has(stream) || wasGivenUp(journal, stream)) return false;
  for await (const _ of journal.stream(stream)) return false;
  return true;
}

/** Whether an epoch's records are among those that retention gave up. */
function wasGivenUp(journal: Journal, stream: string): boolean {
  const epoch = epochOf(stream);
  return epoch !== null && wasBegun(journal.checkpoint().begun, minerOf(stream) as string, epoch);
}

/** What all epochs are mined by enters each as a hash. */
function sharing({ shared }: Journal, start: Extract<Input, { readonly type: 'start' }>): Input {
  const { config, ...rest } = start.input as { readonly [key: string]: Value };
  return typeof config === 'object' && config !== null ? { ...start, input: { ...rest, config: shared.share(config) } } : start;
}

/** As a replay will read it. A result that no record can hold is a failure of who gave it. */
function readable(journal: Journal, clock: Clock, input: Input): Input {
  const read = (value: Input): Input => settledInput(journal.shared, value);
  try {
    return read(input);
  } catch (error) {
    if (input.type !== 'result' || ofJournal(error)) throw error;
    return read({ ...input, ok: false, value: { code: 'EFFECT_RESULT', message: (error as Error).message, retryable: false, at: clock.now() } });
  }
}

function ofJournal(error: unknown): boolean {
  return isMoved(error) || ((error as { readonly code?: string }).code ?? '').startsWith('JOURNAL_');
}
