/** `createMiner`, the embedding API: importing it opens nothing (docs/commands.md, «Embedding»). */

import { filter, map, type Observable, ReplaySubject, Subscription, share, takeUntil } from 'rxjs';
import { deliverMachine } from '../machines/deliver.ts';
import { epochMachine } from '../machines/epoch.ts';
import { fateMachine } from '../machines/fate.ts';
import { loadBls } from '../native/bls.ts';
import { localFence } from './adapters/local-fence.ts';
import { systemClock } from './adapters/system-clock.ts';
import type { Epoch } from './chain/epoch.ts';
import type { Tipset } from './chain/tipset.ts';
import { lastMinedEpoch } from './consensus/network/horizon.ts';
import type { NetworkParams } from './consensus/network/network.ts';
import { checkedPorts } from './effects/answers/checked-ports.ts';
import { performWith } from './effects/perform.ts';
import { MineOneError } from './errors/mineone-error.ts';
import { optionCheck } from './errors/option.ts';
import type { JournalRecord } from './journal/format/record.ts';
import { asValue } from './journal/format/value.ts';
import { journalOpener } from './journal/guard/opener.ts';
import type { Journal } from './journal/journal.ts';
import { type HostLock, lockMiners, NO_HOST_LOCK } from './journal/store/host-lock.ts';
import { type EpochOutcome, recordedOutcome } from './mining/outcome.ts';
import type { RoundConfig } from './mining/round.ts';
import { epochOf, minerOf } from './mining/stream.ts';
import { keepNews, noteJump } from './news.ts';
import { keepObservedBlocks, unwrittenIn } from './observed-blocks.ts';
import type { Clock } from './ports/clock.ts';
import type { MinerCommand } from './replay/miners.ts';
import { type Part, replayPart } from './replay/part.ts';
import type { ReplayReport } from './replay/replay.ts';
import { codeHere } from './runtime/code.ts';
import { heardBy } from './runtime/failure.ts';
import { lifeOf } from './runtime/life.ts';
import { checkMinerOptions, type MinerOptions, minerName, minerNames, replayedPart } from './runtime/miner-options.ts';
import { type RetentionTask, retentionTask } from './runtime/retention-task.ts';
import { createRuntime, type Runtime } from './runtime/runtime.ts';
import { type Transitions, transitionsOf } from './runtime/transitions.ts';
import { loadMachine, type Machine } from './statechart/machine.ts';
import { loadXStateMachine } from './statechart/xstate-machine.ts';
import { type ClockJump, clock$ } from './streams/clock.ts';
import { headsOf, lateHeads } from './streams/heads.ts';
import { horizonNotices } from './streams/horizon-notices.ts';
import { verifiedNode } from './verified-node.ts';

export type { MinerOptions };

/** How one epoch of one miner ended. */
export interface MinerOutcome {
  readonly miner: string;
  readonly epoch: Epoch;
  readonly outcome: EpochOutcome;
  /** Record that holds it. */
  readonly seq: number;
}

export interface Miner {
  /** As it is open now; another one after a batch that failed. */
  journal(): Journal;
  /**
   * Every record from now on, after it is on disk; `from(seq)` catches up first. They end with {@link stop}, after
   * which `from` fails with `MINER_STOPPED`, and fail when mining cannot go on.
   */
  readonly transitions$: Transitions;
  readonly outcomes$: Observable<MinerOutcome>;
  /** The node's heads as they are seen, each once, while it runs. */
  readonly tipset$: Observable<Tipset>;
  /**
   * Takes up what was open when the journal was last closed, then begins each epoch as it comes. Throws `MINER_STARTED`
   * the second time, `MINER_STOPPED`, and what opening throws.
   */
  start(): Promise<void>;
  /**
   * An operator's word about one of them, kept in the journal; throws `MINER_UNKNOWN`, `MINER_ADDRESS`,
   * `MINER_COMMAND`, `MINER_NOT_STARTED`, `MINER_STOPPED`.
   */
  command(miner: string, command: MinerCommand): Promise<void>;
  /**
   * Begins nothing more, brings out what is bound while it is in time, closes the journal. Called again it is the same
   * end.
   */
  stop(): Promise<void>;
  /**
   * Folds the journal, or one epoch of it, through the machines and compares every step. Throws `REPLAY_EMPTY` where it
   * has no record of that, `MINER_OPTION`, `MINER_STOPPED`.
   */
  replay(part?: Part): Promise<ReplayReport>;
  /** Nothing in the mailbox, being written or in flight but alarms: for the driver of a virtual clock. */
  isSettled(): boolean;
  settled(): Promise<void>;
}

/** How often old epochs are given up: four times a day on a network of 30 seconds an epoch. */
const RETENTION_EPOCHS = 720;

/** Who steps the charts: the runtime's own walk, or XState's `transition`, slower and written by others. */
export const ENGINES = ['mineone', 'xstate'] as const;
export type Engine = (typeof ENGINES)[number];

/** Machines that a stream may be started with, by the names that records hold. */
export function loadMachines(engine: Engine = 'mineone'): ReadonlyMap<string, Machine> {
  const load = engine === 'xstate' ? loadXStateMachine : loadMachine;
  return new Map([
    ['epoch', load(epochMachine)],
    ['fate', load(fateMachine)],
    ['deliver', load(deliverMachine)],
  ]);
}

/**
 * Throws `MINER_OPTION`, `MINER_ADDRESS`, `MINER_STORE`, `MINER_HELD`, `JOURNAL_NETWORK`, and what opening a journal
 * throws.
 */
export async function createMiner(options: MinerOptions): Promise<Miner> {
  return (await assembleMiner(options)).miner;
}

/**
 * The same, and the runtime inside: for those who must reach its mailbox, as a simulation does to hand it a result
 * twice. `isPast`: the node's chain is there already, further on than its clock, and what it has in the place of an
 * observed block is looked up at once.
 */
export async function assembleMiner(options: MinerOptions, { isPast = false } = {}): Promise<{ readonly miner: Miner; readonly runtime: Runtime }> {
  checkMinerOptions(options);
  const names = minerNames(options.miners);
  const { network, bls = loadBls().bls, ordered = false } = options;
  const onFault = heardBy(options.onFault);
  const asked = checkedPorts({ ...options, clock: options.clock ?? systemClock(), fence: options.fence ?? localFence() }, onFault);
  const { clock } = asked;
  const machines = loadMachines();
  const heads = headsOf(asked.node, clock, network);
  const verified = verifiedNode(network, asked.node, bls);
  const node = { ...verified.node, head: heads.head, headSince: heads.since };
  const perform = performWith({ ...asked, node, beaconed: verified.beaconed, bls, network, tell: onFault });
  const hostLock = await hostLockOf({ ...options, onFault }, names);
  const openAgain = journalOpener({ ...options, checkAlone: hostLock.check, onFault });
  let first: Journal | null = await openAgain().catch(async (error: unknown) => {
    await hostLock.release();
    throw error;
  });
  const open = async (): Promise<Journal> => {
    const opened = first ?? (await openAgain());
    first = null;
    return opened;
  };
  const runtime = createRuntime({ open, clock, machines, perform, code: codeHere(), network, ordered, onFault, lastEpoch: () => lastMinedEpoch(network) });
  const journal = (): Journal => first ?? runtime.journal();
  const stopped = new ReplaySubject<void>(1);
  const life = lifeOf(() => first ?? runtime.opened());
  const { transitions$, followers } = transitionsOf(runtime.records$.pipe(takeUntil(stopped)), life);
  const tipset$ = heads.tipset$.pipe(takeUntil(stopped), share());
  const streams = new Subscription();
  const retention = options.keepMs === undefined ? null : retentionTask({ runtime, machines, keepMs: options.keepMs, ordered, onFault });
  const outcomes$ = outcomesOf(transitions$);
  const miner: Miner = {
    journal,
    transitions$,
    outcomes$,
    tipset$,
    start: () =>
      life.start(async () => {
        const unwritten = options.observe === true ? await unwrittenIn(journal(), outcomeOf) : null;
        await runtime.start();
        await nameMiners(runtime, names);
        if (unwritten !== null) streams.add(keepObservedBlocks({ network, clock, node: asked.node, runtime, isPast }, outcomes$, unwritten));
        for (const stream of streamsOf(options, { clock, runtime, hostLock, tipset$, onFault, retention })) streams.add(stream);
        retention?.begin();
      }),
    async command(miner, command) {
      life.mustRun('command');
      const name = minerName('miner.command', 'MINER_ADDRESS', 'miner', miner);
      checkCommand(command);
      // A journal that is being opened again is waited for.
      if (runtime.opened() === null) await runtime.idle();
      await runtime.command(name, command);
    },
    stop: () =>
      life.stop(async () => {
        streams.unsubscribe();
        try {
          if (first === null) await runtime.stop();
          const left = first ?? runtime.opened();
          if (left !== null) await followers.told(left.synced() + 1);
          await left?.close();
        } finally {
          await hostLock.release();
        }
        await retention?.ended();
        stopped.next();
      }),
    async replay(part = {}) {
      life.mustBeOpen('replay');
      const asked = replayedPart(part);
      if (first === null && runtime.opened() === null) await runtime.idle();
      return replayPart(journal(), machines, asked);
    },
    isSettled: () => runtime.isSettled() && retention?.isRunning() !== true,
    async settled() {
      await retention?.ended();
      await runtime.settled();
    },
  };
  return { miner, runtime };
}

interface StreamParts {
  readonly clock: Clock;
  readonly runtime: Runtime;
  readonly hostLock: HostLock;
  readonly tipset$: Observable<Tipset>;
  readonly onFault: (fault: MineOneError) => void;
  readonly retention: RetentionTask | null;
}

/** All that goes on by itself while a miner runs. */
function streamsOf(options: MinerOptions, { clock, runtime, hostLock, tipset$, onFault, retention }: StreamParts): readonly Subscription[] {
  const { network, ordered = false } = options;
  return [
    keepNews(lateHeads(tipset$, clock, network), runtime, ordered),
    beginEpochs(options, clock, runtime, (jump) => noteJump(jump, runtime, onFault)),
    ...(hostLock === NO_HOST_LOCK ? [] : [clock$(network, clock).subscribe(() => void hostLock.renew().catch(onFault))]),
    horizonNotices(network, clock).subscribe(onFault),
    ...(retention === null
      ? []
      : [
          clock$(network, clock)
            .pipe(filter(({ epoch }) => epoch % RETENTION_EPOCHS === 0))
            .subscribe(retention.begin),
        ]),
  ];
}

const COMMANDS: readonly unknown[] = ['add', 'start', 'stop', 'remove'] satisfies readonly MinerCommand[];

function checkCommand(command: MinerCommand): void {
  optionCheck('miner.command', 'MINER_COMMAND')('command', command, `one of ${COMMANDS.join(', ')}`, COMMANDS.includes(command));
}

/**
 * Whoever binds blocks alone is alone: without a fence nobody else would see that two do. Where no lock can be made
 * that is said, and mining goes on.
 */
async function hostLockOf({ network, dataDir, observe, fence, runDir, onFault }: MinerOptions, miners: readonly string[]): Promise<HostLock> {
  if (dataDir === undefined || fence !== undefined || observe === true) return NO_HOST_LOCK;
  try {
    return await lockMiners({ network, miners, ...(runDir === undefined ? {} : { runDir }) });
  } catch (error) {
    if (!(error instanceof MineOneError) || error.code !== 'MINER_UNGUARDED') throw error;
    onFault?.(error);
    return NO_HOST_LOCK;
  }
}

/** The journal knows who runs: whoever is named begins, whoever is not any more stops. */
async function nameMiners(runtime: Runtime, names: readonly string[]): Promise<void> {
  const known = runtime.miners();
  for (const name of names) if (known.get(name)?.running !== true) await runtime.command(name, 'add');
  for (const [name, { running }] of known) if (running && !names.includes(name)) await runtime.command(name, 'stop');
}

/** When an epoch begins, work on the next one does; never past an upgrade that is not known. */
function beginEpochs(
  { network, lastEpoch = Number.MAX_SAFE_INTEGER, observe = false }: MinerOptions,
  clock: Clock,
  runtime: Runtime,
  onJump: (jump: ClockJump) => void,
): Subscription {
  const config = roundConfig(network, observe);
  return clock$(network, clock, onJump).subscribe(({ epoch }) => {
    if (epoch >= Math.min(lastEpoch, lastMinedEpoch(network))) return;
    // A journal that is being opened again is waited for. What a runtime cannot do any more it has said.
    runtime.idle().then(
      () => runtime.epochStarted(epoch + 1, asValue(config)),
      () => undefined,
    );
  });
}

function outcomesOf(records$: Observable<JournalRecord>): Observable<MinerOutcome> {
  return records$.pipe(
    map(outcomeOf),
    filter((found) => found !== null),
  );
}

/** What an epoch is mined by, of a network's rules. */
export function roundConfig(network: NetworkParams, observe: boolean): RoundConfig {
  const { name, genesisTimestamp, blockDelaySecs, propagationDelaySecs, equivocationDelaySecs, upgrades } = network;
  return { network: name, genesisTimestamp, blockDelaySecs, propagationDelaySecs, equivocationDelaySecs, smokeHeight: upgrades.smoke, observe };
}

/** `null` for a record that ends no epoch. */
export function outcomeOf({ stream, outcome, seq }: JournalRecord): MinerOutcome | null {
  const [miner, epoch] = [minerOf(stream), epochOf(stream)];
  if (outcome === null || miner === null || epoch === null) return null;
  return { miner, epoch, outcome: recordedOutcome(outcome) as EpochOutcome, seq };
}
