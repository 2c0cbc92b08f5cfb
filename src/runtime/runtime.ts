/**
 * The actor runtime: one mailbox, one turn at a time, one synced batch in flight; a record is on disk before anybody
 * hears of it and before any effect of it starts (docs/architecture.md 3). It knows no machine and no effect by name
 * but `bind` and the streams it is told to start.
 */

import { Subject } from 'rxjs';
import { equalBytes } from '../chain/encoding/bytes.ts';
import { NEVER } from '../consensus/network/network.ts';
import { MineOneError } from '../errors/mineone-error.ts';
import type { Input, JournalRecord } from '../journal/format/record.ts';
import { openedInput } from '../journal/guard/opening.ts';
import { checkHolds, type Published, publishedOf } from '../journal/guard/published.ts';
import type { Journal } from '../journal/journal.ts';
import { CODE, streamName } from '../mining/stream.ts';
import { runningMiners } from '../replay/miners.ts';
import type { EffectStarted } from '../statechart/turn.ts';
import { giveUpBeyond } from './beyond.ts';
import { boundCid } from './bind.ts';
import { failureOf, isFinal, isMoved } from './failure.ts';
import { type FoldedState, foldJournal, isHolding } from './folded-state.ts';
import { heldAreOut } from './held.ts';
import { type InFlight, inFlight, type SettledEffect } from './in-flight.ts';
import { handle, type Letter, letterOf, toAskAgain } from './letter.ts';
import type { Runtime, RuntimeOptions } from './options.ts';
import { type Patience, patienceOn } from './patience.ts';
import { checkEffects, recoveryOrder } from './recovery.ts';
import { type Session, sessionOn } from './session.ts';
import { type Waiters, waitersOn } from './waiters.ts';

export type { Runtime };

/** The runtime's own state: everything that changes. */
interface Core {
  readonly options: RuntimeOptions;
  readonly records$: Subject<JournalRecord>;
  readonly flight: InFlight;
  readonly waiters: Waiters;
  readonly patience: Patience;
  session: Session | null;
  mailbox: Letter[];
  writing: boolean;
  dropped: number;
  draining: boolean;
  stopped: boolean;
  failure: MineOneError | null;
  /** `null` before the start: what was there before is no news. */
  published: Published | null;
}

export function createRuntime(options: RuntimeOptions): Runtime {
  checkEffects(options.machines.values());
  const core = coreOf(options);
  const { flight, waiters } = core;
  const isSettled = (): boolean => core.patience.isWaiting() || (isQuiet(core) && flight.awake() === 0 && flight.held() === 0);
  const world = (): FoldedState => current(core).world;
  return {
    records$: core.records$,
    start: () => start(core),
    send: (stream, input) => send(core, stream, input),
    async command(miner, command) {
      if (command !== 'add' && !world().miners.has(miner)) throw new MineOneError('MINER_UNKNOWN', `there is no miner ${miner} here; add it first`);
      await send(core, miner, { type: 'miner', command });
    },
    epochStarted(epoch, config) {
      for (const miner of runningMiners(world().miners)) {
        void send(core, streamName(miner, epoch), { type: 'start', machine: 'epoch', input: { miner, epoch, config } });
      }
    },
    miners: () => world().miners,
    journal: () => current(core).journal,
    opened: () => core.session?.journal ?? null,
    live: () => world().streams,
    effects: flight.effects,
    isSettled,
    settled: () => waiters.until(isSettled),
    idle: () => waiters.until(() => isQuiet(core)),
    dropped: () => core.dropped,
    stop: () => stop(core),
  };
}

function coreOf(options: RuntimeOptions): Core {
  const deliver = ({ effect: { stream, actor, id, key }, ok, value }: SettledEffect): void => {
    void send(core, stream, { type: 'result', actor, id, key, ok, value });
  };
  const { clock, ordered = false } = options;
  const core: Core = {
    options,
    records$: new Subject(),
    flight: inFlight({ settle: deliver, failureOf: (error) => failureOf(error, clock.now()), ordered, clock, changed: () => look(core) }),
    waiters: waitersOn(),
    patience: patienceOn(clock, () => look(core)),
    session: null,
    mailbox: [],
    writing: false,
    dropped: 0,
    draining: false,
    stopped: false,
    failure: null,
    published: null,
  };
  return core;
}

function isQuiet({ mailbox, writing }: Core): boolean {
  return mailbox.length === 0 && !writing;
}

/** Something changed: when nothing moves any more what was held back is let in, all at once; whoever waits is told. */
function look(core: Core): void {
  if (isQuiet(core) && core.flight.awake() === 0) core.flight.release();
  core.waiters.look();
}

function current({ failure, session }: Core): Session {
  if (failure !== null) throw failure;
  if (session === null) throw new MineOneError('NOT_STARTED', 'the runtime is not started');
  return session;
}

async function start(core: Core): Promise<void> {
  core.writing = true;
  try {
    await openSession(core);
  } finally {
    core.writing = false;
  }
  wake(core);
  look(core);
}

async function stop(core: Core): Promise<void> {
  core.draining = true;
  core.patience.hurry();
  const why = new MineOneError('STOPPED', 'the runtime stops');
  core.flight.cancelAll(why, ({ stream }) => !mayStillCome(core, stream));
  look(core);
  await core.waiters.until(() => isQuiet(core));
  await heldAreOut(core.options.clock, core.waiters, () => core.session?.world ?? null);
  core.stopped = true;
  core.flight.cancelAll(why);
  await core.waiters.until(() => isQuiet(core));
}

/** While draining: what brings a bound block out, and nothing else. */
function mayStillCome({ session }: Core, stream: string): boolean {
  const live = session?.world.streams.get(stream);
  return live !== undefined && isHolding(live);
}

function send(core: Core, stream: string, input: Input): Promise<JournalRecord | null> {
  const { letter, answered } = letterOf(stream, input);
  if (core.failure !== null) letter.reject(core.failure);
  else if (core.stopped || (core.draining && !mayStillCome(core, stream))) letter.resolve(null);
  else core.mailbox.push(letter);
  wake(core);
  return answered;
}

function wake(core: Core): void {
  if (core.writing || core.session === null || core.mailbox.length === 0) return;
  core.writing = true;
  void Promise.resolve()
    .then(() => pump(core))
    .catch((error: unknown) => fail(core, error))
    .finally(() => {
      core.writing = false;
      wake(core);
      look(core);
    });
}

/** Works the mailbox off: all that is waiting shares one batch. */
async function pump(core: Core): Promise<void> {
  while (core.mailbox.length > 0) {
    const letters = core.mailbox;
    core.mailbox = [];
    try {
      await writeBatch(core, current(core), letters);
    } catch (error) {
      await reopen(core, error, letters);
    }
  }
}

/** Everything that follows from the batch waits until it is on disk. */
async function writeBatch(core: Core, session: Session, letters: readonly Letter[]): Promise<void> {
  const answers: (() => void)[] = [];
  const drop = (): void => void core.dropped++;
  await session.journal.flush(async () => {
    for (const letter of letters) answers.push(await handle(session, letter, drop));
  });
  core.patience.restore();
  core.published = publishedOf(session.journal);
  for (const act of session.taken()) act();
  for (const answer of answers) answer();
}

/** What a failed batch left on disk is known to nobody: everything is forgotten and read again. */
async function reopen(core: Core, error: unknown, letters: readonly Letter[]): Promise<void> {
  const said = `a write to the journal failed: ${(error as Error).message}; it is opened again and read`;
  const unknown = new MineOneError('JOURNAL_UNKNOWN', said, { cause: error });
  core.flight.cancelAll(unknown);
  const again = toAskAgain([...letters, ...core.mailbox], unknown);
  core.mailbox = [];
  if (!isMoved(error)) core.options.onFault?.(unknown);
  await core.session?.journal.close().catch(() => undefined);
  core.session = null;
  try {
    await openAgain(core, error);
  } catch (last) {
    for (const letter of again) letter.reject(unknown);
    throw last;
  }
  core.mailbox = [...again, ...core.mailbox];
}

/** Throws what failed last when it fails too often, or when opening again would not mend it. */
async function openAgain(core: Core, first: unknown): Promise<void> {
  for (let cause = first; ; ) {
    if (isMoved(cause) || !(await core.patience.next())) throw cause;
    try {
      await openSession(core);
      return;
    } catch (error) {
      if (isFinal(error)) throw error;
      cause = error;
    }
  }
}

/** Opens and folds, writes what follows from that, then takes up what was open. */
async function openSession(core: Core): Promise<void> {
  const journal = await core.options.open();
  try {
    await recover(core, journal);
  } catch (error) {
    core.session = null;
    await journal.close().catch(() => undefined);
    throw error;
  }
}

async function recover(core: Core, journal: Journal): Promise<void> {
  const { options, flight, records$ } = core;
  const { machines, clock, onFault = () => undefined, lastEpoch = () => NEVER } = options;
  const told = core.published ?? publishedOf(journal);
  await checkHolds(journal, told);
  const { world, code, open, diverged } = await foldJournal(journal, machines);
  const publish = (record: JournalRecord): void => records$.next(record);
  const session = sessionOn({ journal, world, machines, clock, publish, begin: (effect) => begin(core, journal, effect), flight, onFault, lastEpoch });
  core.session = session;
  for await (const { record } of journal.records(told.next)) session.later(() => publish(record));
  const isUpgrade = code !== null && !equalBytes(code, options.code.hash);
  await journal.flush(async () => {
    await session.handle(CODE, openedInput(options.code, options.network));
    for (const { stream, seq } of diverged) session.diverged(stream, seq, isUpgrade);
    await giveUpBeyond(session, lastEpoch(), onFault);
  });
  core.published = publishedOf(journal);
  // Those of a stream that was ended just now its end cancels, before any of them is performed.
  for (const effect of recoveryOrder(open)) begin(core, journal, effect);
  for (const act of session.taken()) act();
}

function begin({ flight, options }: Core, journal: Journal, effect: EffectStarted): void {
  const { stream, key, name, input } = effect;
  const context = { stream, key, blob: journal.blob, share: journal.shared.share, boundCid: (miner: string, epoch: number) => boundCid(journal, miner, epoch) };
  flight.begin(effect, (signal) => options.perform(name, input, { ...context, signal }));
}

function fail(core: Core, error: unknown): void {
  const said = error instanceof Error ? error.message : String(error);
  const failure = new MineOneError('RUNTIME_FAILED', `nothing is mined any more: ${said}; see to the journal's disk and start again`, { cause: error });
  core.failure = failure;
  core.session = null;
  core.flight.cancelAll(failure);
  for (const letter of core.mailbox) letter.reject(failure);
  core.mailbox = [];
  core.records$.error(failure);
  core.waiters.giveUp(failure);
}
