/**
 * The actor runtime: one mailbox, one turn at a time, one synced batch in flight; a record is on disk before anybody hears of it and before any effect of it starts
 * (architecture.md 3). It knows no machine and no effect by name but `bind` and the streams it is told to start.
 */

import { Subject } from 'rxjs';
import { MineOneError } from '../chain/error.ts';
import { type Journal, type RecordDraft, settled } from '../journal/journal.ts';
import type { EffectKey, Input, JournalRecord } from '../journal/record.ts';
import type { Value } from '../journal/value.ts';
import type { Clock } from '../ports/clock.ts';
import type { Machine } from './machine.ts';
import { type Actors, type EffectStarted, takeTurn } from './turn.ts';

export interface PerformContext {
  readonly signal: AbortSignal;
  readonly stream: string;
  readonly key: EffectKey;
  /** Bytes of a blob that an input names. */
  readonly blob: (hash: Uint8Array) => Uint8Array;
  /** Keeps a value once by its hash. */
  readonly share: <T extends object>(value: T) => T;
}

/** Performs an effect; a rejection is a failure whose `failure` property, if it has one, is what the machine is given. */
export type Perform = (name: string, input: Value, context: PerformContext) => Promise<Value>;

export interface RuntimeOptions {
  readonly journal: Journal;
  readonly clock: Clock;
  /** Machines that streams may be started with, by name. */
  readonly machines: ReadonlyMap<string, Machine>;
  readonly perform: Perform;
  /** The verdict over a bind, and the row it leaves for the record's batch. */
  readonly bind: (input: Value, seq: number) => Value;
}

export interface Runtime {
  /** Every record, once it is on disk, in order. */
  readonly records$: Subject<JournalRecord>;
  /** Puts an input into the mailbox. */
  send(stream: string, input: Input): void;
  /** Folds what the journal holds and takes up again what was open. */
  recover(): Promise<void>;
  /** Resolves when the mailbox is empty and nothing is being written. */
  idle(): Promise<void>;
  /** Streams that have not ended. */
  live(): ReadonlyMap<string, Actors>;
  /** Results that nobody waited for any more. */
  dropped(): number;
  /** Takes no more input, lets what is being written finish, cancels effects. */
  stop(): Promise<void>;
}

interface Mail {
  readonly stream: string;
  readonly input: Input;
}

export function createRuntime({ journal, clock, machines, perform, bind }: RuntimeOptions): Runtime {
  const records$ = new Subject<JournalRecord>();
  const live = new Map<string, Actors>();
  const running = new Map<string, AbortController>();
  let mailbox: Mail[] = [];
  let writing: Promise<void> | null = null;
  let dropped = 0;
  let stopped = false;
  let failure: unknown = null;

  function send(stream: string, input: Input): void {
    if (stopped) return;
    mailbox.push({ stream, input });
    writing ??= Promise.resolve().then(pump);
  }

  /** Works the mailbox off: all that is waiting shares one batch. */
  async function pump(): Promise<void> {
    try {
      while (mailbox.length > 0 && failure === null) {
        const mails = mailbox;
        mailbox = [];
        const after: (() => void)[] = [];
        for (const mail of mails) after.push(...handle(mail));
        await journal.flush();
        for (const act of after) act();
      }
    } catch (error) {
      failure = error;
      for (const controller of running.values()) controller.abort(error);
      records$.error(error);
    } finally {
      writing = null;
    }
  }

  /** Steps one input; gives what to do once its record is on disk. */
  function handle({ stream, input }: Mail): (() => void)[] {
    const decoded = settled(journal.shared, input as unknown as Value) as unknown as Input;
    if (decoded.type !== 'start' && decoded.type !== 'result') return [publish({ ...draftOf(stream, decoded) })];
    const seq = journal.next();
    const before = live.get(stream) ?? new Map();
    try {
      const turn = takeTurn(before, decoded, { stream, seq, machines, shared: journal.shared, bind: (_, asked) => settled(journal.shared, bind(asked, seq)) });
      if (turn === null) {
        dropped++;
        return [];
      }
      if (turn.outcome === undefined) live.set(stream, turn.actors);
      else live.delete(stream);
      const record = publish({ ...draftOf(stream, decoded), steps: turn.steps, binds: turn.binds, outcome: turn.outcome ?? null });
      return [record, () => turn.cancelled.forEach(cancel), () => turn.started.forEach(begin)];
    } catch (error) {
      return [publish(draftOf(stream, { type: 'poison', message: (error as Error).message, input: decoded as unknown as Value }))];
    }
  }

  function draftOf(stream: string, input: Input): RecordDraft {
    return { at: clock.now(), stream, input, steps: [], binds: [], outcome: null };
  }

  function publish(draft: RecordDraft): () => void {
    const record = journal.add(draft);
    return () => records$.next(record);
  }

  function begin(effect: EffectStarted): void {
    const { stream, actor, id, key, name, input } = effect;
    const controller = new AbortController();
    running.set(key.join('/'), controller);
    const context: PerformContext = { signal: controller.signal, stream, key, blob: journal.blob, share: journal.shared.share };
    const settle = (ok: boolean, value: Value): void => {
      if (!running.delete(key.join('/')) || controller.signal.aborted) return;
      send(stream, { type: 'result', actor, id, key, ok, value });
    };
    Promise.resolve()
      .then(() => perform(name, input, context))
      .then(
        (value) => settle(true, value),
        (error: unknown) => settle(false, failureOf(error, clock.now())),
      );
  }

  function cancel(key: EffectKey): void {
    const controller = running.get(key.join('/'));
    running.delete(key.join('/'));
    controller?.abort(new MineOneError('EFFECT_CANCELLED', 'nobody waits for this any more'));
  }

  return {
    records$,
    send,
    async recover() {
      const open = await foldJournal({ journal, machines }, live);
      open.forEach(begin);
    },
    async idle() {
      while (writing !== null) await writing;
      if (failure !== null) throw failure;
    },
    live: () => live,
    dropped: () => dropped,
    async stop() {
      stopped = true;
      while (writing !== null) await writing;
      for (const controller of running.values()) controller.abort(new MineOneError('STOPPED', 'the runtime stops'));
      running.clear();
    },
  };
}

/** Folds every stream that has not ended; gives the effects that were asked for and have no result, in the order they were. */
async function foldJournal({ journal, machines }: Pick<RuntimeOptions, 'journal' | 'machines'>, live: Map<string, Actors>): Promise<readonly EffectStarted[]> {
  const records = new Map<string, JournalRecord[]>();
  for await (const { record } of journal.records()) {
    if (record.input.type !== 'start' && record.input.type !== 'result') continue;
    if (record.outcome !== null) records.delete(record.stream);
    else records.set(record.stream, [...(records.get(record.stream) ?? []), record]);
  }
  const open: EffectStarted[] = [];
  for (const [stream, past] of records) {
    let actors: Actors = new Map();
    for (const record of past) {
      const verdicts = new Map(record.binds.map(({ n, verdict }) => [n, verdict]));
      const context = { stream, seq: record.seq, machines, shared: journal.shared, bind: (n: number) => verdicts.get(n) as Value };
      actors = takeTurn(actors, record.input as Extract<Input, { readonly type: 'start' | 'result' }>, context)?.actors ?? actors;
    }
    live.set(stream, actors);
    for (const [actor, { open: waiting }] of actors) {
      for (const [id, asked] of waiting) if (asked.kind === 'effect') open.push({ stream, actor, id, key: asked.key, name: asked.name, input: asked.input });
    }
  }
  return open.sort((a, b) => a.key[0] - b.key[0] || a.key[1] - b.key[1]);
}

function failureOf(error: unknown, at: number): Value {
  const { code, message, retryable } = error as { readonly code?: string; readonly message?: string; readonly retryable?: boolean };
  return { code: code ?? 'INTERNAL', message: message ?? String(error), retryable: retryable ?? false, at };
}
