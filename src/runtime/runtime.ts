/**
 * The actor runtime: one mailbox, one turn at a time, one synced batch in flight; a record is on disk before anybody hears of it and before any effect of it starts
 * (architecture.md 3). It knows no machine and no effect by name but `bind` and the streams it is told to start.
 */

import { Subject } from 'rxjs';
import { equalBytes } from '../chain/bytes.ts';
import { MineOneError } from '../chain/error.ts';
import type { Journal } from '../journal/journal.ts';
import type { Input, JournalRecord } from '../journal/record.ts';
import type { Value } from '../journal/value.ts';
import { boundCid } from './bind.ts';
import { checkEffects, recoveryOrder } from './effect-classes.ts';
import { inFlight, type Settled } from './in-flight.ts';
import { CODE, type MinerCommand, type Miners, runningMiners } from './network.ts';
import type { RuntimeOptions } from './options.ts';
import { type Session, sessionOn } from './session.ts';
import type { EffectStarted } from './turn.ts';
import { foldJournal, isHolding, type LiveStream } from './world.ts';

export interface Runtime {
  /** Every record, once it is on disk, in order; an error when the runtime cannot go on. */
  readonly records$: Subject<JournalRecord>;
  /** Opens the journal, folds it, and takes up again what was open. Throws what opening throws. */
  start(): Promise<void>;
  /** Puts an input into the mailbox; resolves with its record once that is on disk, with `null` for one that changes nothing; rejects with `JOURNAL_UNKNOWN`. */
  send(stream: string, input: Input): Promise<JournalRecord | null>;
  /** An operator's word; throws `MINER_UNKNOWN` for one that was never added. */
  command(miner: string, command: MinerCommand): Promise<void>;
  /** Starts the epoch for every running miner. */
  epochStarted(epoch: number, config: Value): void;
  miners(): Miners;
  /** The journal as it is open now; another one after a batch that failed. */
  journal(): Journal;
  /** Streams that have not ended. */
  live(): ReadonlyMap<string, LiveStream>;
  /** Effects without a result yet. */
  effects(): readonly EffectStarted[];
  /** Nothing in the mailbox, nothing being written, nothing in flight but alarms. */
  isSettled(): boolean;
  /** Resolves when it is settled; rejects when the runtime cannot go on. */
  settled(): Promise<void>;
  /** Resolves when the mailbox is empty and nothing is being written; rejects when the runtime cannot go on. */
  idle(): Promise<void>;
  /** Results and starts that changed nothing: late, repeated, or of a fenced miner. */
  dropped(): number;
  /** Begins nothing any more, brings out what is bound, cancels the rest: that goes on at the next start. */
  stop(): Promise<void>;
}

interface Letter {
  readonly stream: string;
  readonly input: Input;
  readonly resolve: (record: JournalRecord | null) => void;
  readonly reject: (error: unknown) => void;
}

/** Batches that fail one after another before it is said that the disk is gone. */
const FAILURES_MAX = 3;

export function createRuntime(options: RuntimeOptions): Runtime {
  const { clock, machines, perform } = options;
  checkEffects(machines.values());
  const records$ = new Subject<JournalRecord>();
  const flight = inFlight(deliver, (error) => failureOf(error, clock.now()), options.ordered ?? false);
  const waiters = new Set<{ readonly when: () => boolean; readonly resolve: () => void; readonly reject: (error: unknown) => void }>();
  let session: Session | null = null;
  let mailbox: Letter[] = [];
  let writing = false;
  let dropped = 0;
  let failures = 0;
  let draining = false;
  let stopped = false;
  let failure: MineOneError | null = null;
  /** Seq after the last record that was published; `null` before the start: what was there before is no news. */
  let published: number | null = null;

  function current(): Session {
    if (failure !== null) throw failure;
    if (session === null) throw new MineOneError('NOT_STARTED', 'the runtime is not started');
    return session;
  }

  function send(stream: string, input: Input): Promise<JournalRecord | null> {
    const sent = new Promise<JournalRecord | null>((resolve, reject) => {
      if (failure !== null) reject(failure);
      else if (stopped || (draining && !mayStillCome(stream))) resolve(null);
      else mailbox.push({ stream, input, resolve, reject });
    });
    // Who does not wait for the answer is not to be told of it by a crash.
    sent.catch(() => undefined);
    wake();
    return sent;
  }

  /** While draining: what brings a bound block out, and nothing else. */
  function mayStillCome(stream: string): boolean {
    const live = session?.world.streams.get(stream);
    return live !== undefined && isHolding(live);
  }

  function wake(): void {
    if (writing || session === null || mailbox.length === 0) return;
    writing = true;
    void Promise.resolve()
      .then(pump)
      .catch(fail)
      .finally(() => {
        writing = false;
        wake();
        tellWaiters();
      });
  }

  /** Works the mailbox off: all that is waiting shares one batch. */
  async function pump(): Promise<void> {
    while (mailbox.length > 0) {
      const letters = mailbox;
      mailbox = [];
      const { journal } = current();
      try {
        const answers: (() => void)[] = [];
        for (const letter of letters) answers.push(await handle(letter));
        await journal.flush();
        const acts = current().taken();
        failures = 0;
        published = journal.next();
        for (const act of acts) act();
        for (const answer of answers) answer();
      } catch (error) {
        await reopen(error, letters);
      }
    }
  }

  async function handle({ stream, input, resolve, reject }: Letter): Promise<() => void> {
    try {
      const record = await current().handle(stream, input);
      if (record === null) dropped++;
      return () => resolve(record);
    } catch (error) {
      if (!(error instanceof MineOneError) || error.code !== 'VALUE_REFUSED') throw error;
      return () => reject(error);
    }
  }

  /** What a failed batch left on disk is known to nobody: everything is forgotten and read again. Starts of epochs are asked for again, other letters are told. */
  async function reopen(error: unknown, letters: readonly Letter[]): Promise<void> {
    const unknown = new MineOneError('JOURNAL_UNKNOWN', `a write to the journal failed: ${(error as Error).message}; it is opened again and read`, {
      cause: error,
    });
    flight.cancelAll(unknown);
    const waiting = [...letters, ...mailbox];
    mailbox = [];
    const again = waiting.filter(({ input }) => input.type === 'start');
    for (const letter of waiting) if (letter.input.type !== 'start') letter.reject(unknown);
    options.onFault?.(unknown);
    await session?.journal.close().catch(() => undefined);
    session = null;
    for (let cause = error; session === null; ) {
      try {
        if (++failures >= FAILURES_MAX) throw cause;
        await openSession();
      } catch (next) {
        if (failures >= FAILURES_MAX || isFinal(next)) {
          for (const letter of again) letter.reject(unknown);
          throw next;
        }
        cause = next;
      }
    }
    mailbox = [...again, ...mailbox];
  }

  /** Opens and folds, writes what follows from that, then takes up what was open. */
  async function openSession(): Promise<void> {
    const journal = await options.open();
    try {
      await recover(journal);
    } catch (error) {
      session = null;
      await journal.close().catch(() => undefined);
      throw error;
    }
  }

  async function recover(journal: Journal): Promise<void> {
    const from = published ?? journal.next();
    const { world, code, open, diverged } = await foldJournal(journal, machines);
    const publish = (record: JournalRecord): void => records$.next(record);
    const opened = sessionOn({ journal, world, machines, clock, publish, begin, flight, onFault: options.onFault ?? (() => undefined) });
    session = opened;
    for await (const { record } of journal.records(from)) opened.later(() => publish(record));
    await opened.handle(CODE, { type: 'opened', machines: options.code.hash, versions: options.code.versions });
    const isUpgrade = code !== null && !equalBytes(code, options.code.hash);
    for (const { stream, seq } of diverged) opened.diverged(stream, seq, isUpgrade);
    await journal.flush();
    published = journal.next();
    for (const effect of recoveryOrder(open)) if (world.streams.has(effect.stream)) begin(effect);
    for (const act of opened.taken()) act();
  }

  function begin(effect: EffectStarted): void {
    const { journal } = current();
    const { stream, key, name, input } = effect;
    flight.begin(effect, (signal) =>
      perform(name, input, {
        signal,
        stream,
        key,
        blob: journal.blob,
        share: journal.shared.share,
        boundCid: (miner, epoch) => boundCid(journal, miner, epoch),
      }),
    );
  }

  function deliver({ effect: { stream, actor, id, key }, ok, value }: Settled): void {
    void send(stream, { type: 'result', actor, id, key, ok, value });
    tellWaiters();
  }

  function fail(error: unknown): void {
    const said = error instanceof Error ? error.message : String(error);
    failure = new MineOneError('RUNTIME_FAILED', `nothing is mined any more: ${said}; see to the journal's disk and start again`, { cause: error });
    session = null;
    flight.cancelAll(failure);
    for (const letter of mailbox) letter.reject(failure);
    mailbox = [];
    records$.error(failure);
  }

  function isSettled(): boolean {
    return mailbox.length === 0 && !writing && flight.busy() === 0;
  }

  function tellWaiters(): void {
    for (const waiter of [...waiters]) {
      if (failure === null && !waiter.when()) continue;
      waiters.delete(waiter);
      if (failure === null) waiter.resolve();
      else waiter.reject(failure);
    }
  }

  const until = (when: () => boolean): Promise<void> =>
    new Promise((resolve, reject) => {
      waiters.add({ when, resolve, reject });
      tellWaiters();
    });

  const isDrained = (): boolean => mailbox.length === 0 && !writing && ![...(session?.world.streams.values() ?? [])].some(isHolding);

  return {
    records$,
    async start() {
      writing = true;
      try {
        await openSession();
      } finally {
        writing = false;
      }
      wake();
    },
    send,
    async command(miner, command) {
      if (command !== 'add' && !current().world.miners.has(miner)) throw new MineOneError('MINER_UNKNOWN', `there is no miner ${miner} here; add it first`);
      await send(miner, { type: 'miner', command });
    },
    epochStarted(epoch, config) {
      for (const miner of runningMiners(current().world.miners))
        void send(`${miner}/${epoch}`, { type: 'start', machine: 'epoch', input: { miner, epoch, config } });
    },
    miners: () => current().world.miners,
    journal: () => current().journal,
    live: () => current().world.streams,
    effects: flight.effects,
    isSettled,
    settled: () => until(isSettled),
    idle: () => until(() => mailbox.length === 0 && !writing),
    dropped: () => dropped,
    async stop() {
      draining = true;
      const why = new MineOneError('STOPPED', 'the runtime stops');
      flight.cancelAll(why, ({ stream }) => !mayStillCome(stream));
      await until(isDrained);
      stopped = true;
      flight.cancelAll(why);
    },
  };
}

/** What opening again would not mend. */
function isFinal(error: unknown): boolean {
  const { code } = error as { readonly code?: string };
  return (code ?? '').startsWith('JOURNAL_') && code !== 'JOURNAL_UNKNOWN';
}

function failureOf(error: unknown, at: number): Value {
  const { code, message, retryable } = error as { readonly code?: string; readonly message?: string; readonly retryable?: boolean };
  return { code: code ?? 'INTERNAL', message: message ?? String(error), retryable: retryable ?? false, at };
}
