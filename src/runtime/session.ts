/** Inputs into records, on one open journal: the turn, poison and what it fences, and what follows of itself in the same batch (architecture.md 3). */

import { MineOneError } from '../chain/error.ts';
import { type Journal, settled } from '../journal/journal.ts';
import type { Input, JournalRecord } from '../journal/record.ts';
import type { Value } from '../journal/value.ts';
import type { Clock } from '../ports/clock.ts';
import { bindWith } from './bind.ts';
import type { InFlight } from './in-flight.ts';
import type { Machine } from './machine.ts';
import { isFenced, minerOf } from './network.ts';
import { abandonedOutcome, afterEnd, endUnbound, type Mail } from './rescue.ts';
import { type EffectStarted, type Turn, takeTurn } from './turn.ts';
import { foldRecord, freshStream, type World } from './world.ts';

export interface SessionParts {
  readonly journal: Journal;
  readonly world: World;
  readonly machines: ReadonlyMap<string, Machine>;
  readonly clock: Clock;
  readonly publish: (record: JournalRecord) => void;
  readonly begin: (effect: EffectStarted) => void;
  readonly flight: InFlight;
  readonly onFault: (fault: MineOneError) => void;
}

export interface Session {
  readonly journal: Journal;
  readonly world: World;
  /** Steps an input; `null` when nobody waits for it. Throws `VALUE_REFUSED` for one that no record can hold, `JOURNAL_…` when the journal cannot go on. */
  handle(stream: string, input: Input): Promise<JournalRecord | null>;
  /** Ends a stream whose recorded steps are not what its machine makes of them now. */
  diverged(stream: string, seq: number, isUpgrade: boolean): void;
  /** Something to do once the batch is on disk. */
  later(act: () => void): void;
  /** What there is to do now that it is, in order. */
  taken(): readonly (() => void)[];
}

type Stepping = Extract<Input, { readonly type: 'start' | 'result' }>;

export function sessionOn(parts: SessionParts): Session {
  const { journal, world, machines, clock, flight } = parts;
  const bind = bindWith(journal);
  let acts: (() => void)[] = [];
  /** Streams that begin with this batch. */
  const begun = new Set<string>();

  function write(stream: string, input: Input, turn: Partial<Turn> = {}): JournalRecord {
    const record = journal.add({ at: clock.now(), stream, input, steps: turn.steps ?? [], binds: turn.binds ?? [], outcome: turn.outcome ?? null });
    foldRecord(world, record, turn.actors ?? new Map());
    acts.push(() => parts.publish(record));
    return record;
  }

  function step(stream: string, input: Stepping): JournalRecord | null {
    const before = world.streams.get(stream);
    if (input.type === 'start') begun.add(stream);
    else if (before === undefined) return null;
    const seq = journal.next();
    let turn: Turn | null;
    let record: JournalRecord;
    try {
      const actors = input.type === 'start' || before === undefined ? new Map() : before.actors;
      turn = takeTurn(actors, input, { stream, seq, machines, shared: journal.shared, bind: (_, asked) => settled(journal.shared, bind(asked, seq)) });
      if (turn === null) return null;
      record = write(stream, input, turn);
    } catch (error) {
      if (ofJournal(error)) throw error;
      journal.slash.undo(seq);
      return poison(stream, (error as Error).message, input as unknown as Value);
    }
    const { cancelled, started } = turn;
    acts.push(() => cancelled.forEach(flight.cancel));
    acts.push(() => started.forEach(parts.begin));
    if (record.outcome !== null) follow(afterEnd(stream, before ?? freshStream(input as Extract<Input, { readonly type: 'start' }>), record.outcome, machines));
    return record;
  }

  /** Ends a stream from outside its machine. */
  function end(stream: string, input: Extract<Input, { readonly type: 'abandoned' | 'poison' }>): JournalRecord | null {
    const was = world.streams.get(stream);
    const outcome = abandonedOutcome(input.type === 'poison' ? 'poisoned' : input.why);
    if (was === undefined && input.type === 'abandoned') return null;
    const record = write(stream, input, { outcome });
    const why = new MineOneError('EFFECT_CANCELLED', `${stream} has ended`);
    acts.push(() => flight.cancelAll(why, (effect) => effect.stream === stream));
    if (was !== undefined) follow(afterEnd(stream, was, outcome, machines));
    return record;
  }

  /** The miner's own stream says it too: that is what a start reads. */
  function poison(stream: string, message: string, input: Value): JournalRecord | null {
    const miner = minerOf(stream);
    const record = end(stream, { type: 'poison', message, input });
    if (miner === null) return record;
    write(miner, { type: 'poison', message: `${stream}: ${message}`, input: null });
    follow(endUnbound(world, miner, 'poisoned'));
    const fault = new MineOneError(
      'MINER_POISONED',
      `${miner} is fenced: a step of ${stream} failed: ${message}; see \`mineone explain\`, then \`mineone miner start ${miner}\``,
    );
    acts.push(() => parts.onFault(fault));
    return record;
  }

  function follow(mails: readonly Mail[]): void {
    for (const { stream, input } of mails) {
      if (input.type === 'start') step(stream, settled(journal.shared, input as unknown as Value) as unknown as Stepping);
      else if (input.type === 'abandoned') end(stream, input);
    }
  }

  function command(stream: string, input: Extract<Input, { readonly type: 'miner' }>): JournalRecord {
    const record = write(stream, input);
    if (input.command === 'stop' || input.command === 'remove') follow(endUnbound(world, stream, 'stopped'));
    return record;
  }

  /** A name begins once; an epoch of a fenced miner not at all. */
  async function mayBegin(stream: string): Promise<boolean> {
    if (isFenced(world.miners, minerOf(stream)) || world.streams.has(stream) || begun.has(stream)) return false;
    for await (const _ of journal.stream(stream)) return false;
    return true;
  }

  return {
    journal,
    world,
    async handle(stream, asked) {
      const input = readable(journal, clock, asked.type === 'start' ? sharing(journal, asked) : asked);
      if (input.type === 'start') return (await mayBegin(stream)) ? step(stream, input) : null;
      if (input.type === 'result') return step(stream, input);
      if (input.type === 'miner') return command(stream, input);
      return input.type === 'abandoned' || input.type === 'poison' ? end(stream, input) : write(stream, input);
    },
    diverged(stream, seq, isUpgrade) {
      const message = `record ${seq} steps otherwise than it was recorded`;
      if (!isUpgrade) poison(stream, message, null);
      else if (end(stream, { type: 'abandoned', why: 'upgraded' }) !== null) {
        acts.push(() => parts.onFault(new MineOneError('EPOCH_UPGRADED', `${stream} is given up: ${message}, by other code`)));
      }
    },
    later: (act) => acts.push(act),
    taken() {
      const taken = acts;
      acts = [];
      begun.clear();
      return taken;
    },
  };
}

/** What all epochs are mined by enters each as a hash. */
function sharing({ shared }: Journal, start: Extract<Input, { readonly type: 'start' }>): Input {
  const { config, ...rest } = start.input as { readonly [key: string]: Value };
  return typeof config === 'object' && config !== null ? { ...start, input: { ...rest, config: shared.share(config) } } : start;
}

/** As a replay will read it. A result that no record can hold is a failure of who gave it. */
function readable(journal: Journal, clock: Clock, input: Input): Input {
  const read = (value: Input): Input => settled(journal.shared, value as unknown as Value) as unknown as Input;
  try {
    return read(input);
  } catch (error) {
    if (input.type !== 'result' || ofJournal(error)) throw error;
    return read({ ...input, ok: false, value: { code: 'EFFECT_RESULT', message: (error as Error).message, retryable: false, at: clock.now() } });
  }
}

function ofJournal(error: unknown): boolean {
  return ((error as { readonly code?: string }).code ?? '').startsWith('JOURNAL_');
}
