/**
 * One of the processes that mine: it lives, dies as the seed says, comes back on the same disk, and hears some things
 * twice.
 */

import { fromUtf8 } from '../../src/chain/encoding/bytes.ts';
import { cidOf } from '../../src/chain/encoding/cid.ts';
import type { SeededRandom } from '../../src/devnet/setting/seed.ts';
import { MineOneError } from '../../src/errors/mineone-error.ts';
import { roomOfKey } from '../../src/journal/format/keys.ts';
import type { JournalRecord } from '../../src/journal/format/record.ts';
import { type Journal, openJournal, type StoredRecord } from '../../src/journal/journal.ts';
import { decodeSlashRow } from '../../src/journal/slash/slash-rows.ts';
import { assembleMiner, type MinerOptions } from '../../src/miner.ts';
import type { Clock } from '../../src/ports/clock.ts';
import { type ReplayReport, replay } from '../../src/replay/replay.ts';
import type { Runtime } from '../../src/runtime/runtime.ts';
import { type Beside, busyDisk, type Disk, isOfDisk } from './disk.ts';
import { type Life, lifeUntil, livingClock, livingFence, livingNode, livingProver, livingSigner } from './life.ts';
import { MACHINES } from './machines.ts';

export type Ports = Pick<Required<MinerOptions>, 'node' | 'signer' | 'prover' | 'fence' | 'clock'>;

export interface InstanceParts {
  readonly options: Omit<MinerOptions, keyof Ports | 'store' | 'dataDir' | 'ordered' | 'onFault'>;
  /** Ports of a new life; what is on its way when it ends goes no further. */
  readonly ports: (life: Life) => Ports;
  readonly disk: Disk;
  readonly random: SeededRandom;
  /** Of the flushes. */
  readonly busy: SeededRandom;
  /** The world's, by which the process comes back. */
  readonly clock: Clock;
  readonly crashes: number;
  /** Share of the disk's reads and writes after which somebody else flushes. */
  readonly flushes: number;
  /** Share of results that come twice. */
  readonly repeats: number;
  readonly mayFail: () => boolean;
  /** Faults that it may tell of, by their codes: the seed has what they come from. */
  readonly expected: ReadonlySet<string>;
  /** Things a process does between two deaths, at most. */
  readonly stepsMax: number;
  readonly awayMaxMs: number;
}

export interface Instance {
  start(): void;
  isSettled(): boolean;
  settled(): Promise<void>;
  /** Times at which it came back. */
  readonly returns: readonly number[];
  /** What it said went wrong, and what ended it: all but its disk. */
  readonly faults: readonly string[];
  /** Times that it took up its journal again after a batch that failed. */
  refused(): number;
  read(): Promise<{ readonly records: readonly JournalRecord[]; readonly head: Uint8Array; readonly replay: ReplayReport }>;
}

/** Half of the deaths are followed by a restart as a supervisor does it. */
const SHORT_MS = 4_000;

/** Notes what goes by. */
async function* noted(stored: AsyncIterable<StoredRecord>, records: JournalRecord[]): AsyncGenerator<StoredRecord> {
  for await (const one of stored) {
    records.push(one.record);
    yield one;
  }
}

const nobody = (): AbortSignal => new AbortController().signal;

/**
 * Somebody else who flushes finds no batch half made; whoever asks for another block than one whose rows are on their
 * way is refused.
 */
function besideOf(opened: () => Journal | null, faults: string[]): Beside {
  return {
    flush() {
      const journal = opened();
      // A failure is for the runtime to hear of.
      void journal
        ?.flush(async () => {
          if (journal.next() !== journal.synced() + 1) faults.push(`a flush of another parted a batch after record ${journal.synced()}`);
        })
        .catch(() => undefined);
    },
    underway(ops) {
      const journal = opened();
      if (journal === null) return;
      const rows = ops.flatMap((op) => (op.type === 'put' && roomOfKey(op.key) === 'slashEpochs' ? [decodeSlashRow(op.value)] : []));
      for (const { minerId, epoch, parents, isVoid } of rows) {
        const another = { minerId, cid: cidOf(fromUtf8('another')), epoch, parents, baseHeight: epoch - 1 };
        if (isVoid || journal.slash.bind(another, journal.next()).verdict === 'refused') continue;
        journal.slash.undo(journal.next());
        faults.push(`two blocks bound: f0${minerId} could have bound another of epoch ${epoch}`);
      }
    },
  };
}

export function instanceOf(parts: InstanceParts): Instance {
  const { random, busy, clock, disk } = parts;
  const returns: number[] = [];
  const faults: string[] = [];
  let crashes = parts.crashes;
  let refused = 0;
  let life: Life = lifeUntil(Number.POSITIVE_INFINITY, () => false);
  let runtime: Runtime | null = null;
  let starting: Promise<void> | null = null;

  function begin(): void {
    life = crashes > 0 ? lifeUntil(1 + random.below(parts.stepsMax), parts.mayFail) : lifeUntil(Number.POSITIVE_INFINITY, () => false);
    const own = life;
    runtime = null;
    starting = live(own).catch((error: Error) => failed(own, error));
    void own.ended.then(() => {
      crashes--;
      const back = clock.now() + random.below(random.chance(0.5) ? SHORT_MS : parts.awayMaxMs);
      void clock.until(back, nobody()).then(() => {
        returns.push(clock.now());
        begin();
      });
    });
  }

  /** Of its disk it dies, and a supervisor starts it again; nothing else may end it. */
  function failed(own: Life, error: Error): void {
    if (isOfDisk(error)) own.end();
    else faults.push(`ended: ${error.message}`);
  }

  async function live(own: Life): Promise<void> {
    const { node, signer, prover, fence, clock: ownClock } = parts.ports(own);
    const ownDisk = busyDisk(
      disk,
      busy,
      parts.flushes,
      besideOf(() => (own.isAlive() ? (runtime?.opened() ?? null) : null), faults),
    );
    const { miner, runtime: inside } = await assembleMiner({
      ...parts.options,
      node: livingNode(own, node),
      signer: livingSigner(own, signer),
      prover: livingProver(own, prover),
      fence: livingFence(own, fence),
      clock: livingClock(own, ownClock),
      store: () => ownDisk.open(own),
      ordered: true,
      onFault(fault) {
        // The calls of a life that ended go nowhere; nobody is there to hear of it.
        if (fault.code === 'PORT_HANGS' && !own.isAlive()) return;
        if (fault.code === 'JOURNAL_UNKNOWN' && isOfDisk(fault)) refused++;
        else if (!parts.expected.has(fault.code)) faults.push(`${fault.code}: ${fault.message}`);
      },
    });
    if (!own.isAlive()) return;
    inside.records$.subscribe({ next: (record) => repeat(own, inside, record), error: (error: Error) => failed(own, error) });
    runtime = inside;
    await miner.start();
  }

  /** Now, or when the clock has moved on a little: by then nobody may wait for it any more. */
  function repeat(own: Life, inside: Runtime, { stream, input }: JournalRecord): void {
    if (input.type !== 'result' || parts.repeats === 0 || !parts.mayFail() || !random.chance(parts.repeats)) return;
    const again = (): void => void (own.isAlive() && inside.send(stream, input));
    if (random.chance(0.5)) again();
    else void clock.until(clock.now() + random.below(5_000), nobody()).then(again);
  }

  return {
    start: begin,
    returns,
    faults,
    refused: () => refused,
    isSettled: () => !life.isAlive() || runtime === null || runtime.isSettled(),
    async settled() {
      const own = life;
      await Promise.race([own.ended, starting]);
      if (own.isAlive() && runtime !== null) await Promise.race([own.ended, runtime.settled()]).catch((error: Error) => failed(own, error));
    },
    async read() {
      const journal = await openJournal(await disk.open(null));
      let records: JournalRecord[] = [];
      const report = await replay(noted(journal.records(), records), MACHINES, journal.shared);
      // It stops where it diverges.
      if (report.divergence !== null) {
        records = [];
        for await (const { record } of journal.records()) records.push(record);
      }
      if (records.length === 0) throw new MineOneError('SIMULATION_EMPTY', `an instance wrote nothing at all: ${faults.join('; ')}`);
      return { records, head: journal.headHash(), replay: report };
    },
  };
}
