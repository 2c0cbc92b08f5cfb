/**
 * What a runtime is given, a journal to open, a clock, machines, and somebody who performs their effects; and what it
 * is to those who use it.
 */

import type { Subject } from 'rxjs';
import type { Epoch } from '../chain/epoch.ts';
import type { MineOneError } from '../errors/mineone-error.ts';
import type { EffectKey, Input, JournalRecord } from '../journal/format/record.ts';
import type { Value } from '../journal/format/value.ts';
import type { JournalNetwork } from '../journal/guard/opening.ts';
import type { Journal } from '../journal/journal.ts';
import type { Clock } from '../ports/clock.ts';
import type { MinerCommand, Miners } from '../replay/miners.ts';
import type { Machine } from '../statechart/machine.ts';
import type { EffectStarted } from '../statechart/turn.ts';
import type { Code } from './code.ts';
import type { LiveStream } from './folded-state.ts';

export interface PerformContext {
  readonly signal: AbortSignal;
  readonly stream: string;
  readonly key: EffectKey;
  /** Bytes of a blob that an input names. */
  readonly blob: (hash: Uint8Array) => Uint8Array;
  /** Keeps a value once by its hash. */
  readonly share: <T extends object>(value: T) => T;
  /** CID of the block that is bound for a miner's epoch, as the journal has it now. */
  readonly boundCid: (miner: string, epoch: number) => Uint8Array | undefined;
}

/**
 * Performs an effect; a rejection is a failure: its `code`, `message` and `retryable` are what the machine is given.
 */
export type Perform = (name: string, input: Value, context: PerformContext) => Promise<Value>;

export interface RuntimeOptions {
  /**
   * Opens the journal, verified: at the start, and again after a batch that failed. The runtime closes it then alone;
   * after `stop` it is the caller's to close.
   */
  readonly open: () => Promise<Journal>;
  readonly clock: Clock;
  /**
   * Machines that streams may be started with, by name; `fate` and `rescue` are started by the runtime where they are
   * there.
   */
  readonly machines: ReadonlyMap<string, Machine>;
  readonly perform: Perform;
  readonly code: Code;
  /** Of which network the journal is; written down with each opening. */
  readonly network?: JournalNetwork;
  /** The last epoch of the rules that are known, asked anew each time: none after it is begun, taken up or bound. */
  readonly lastEpoch?: () => Epoch;
  /**
   * Results wait until nothing moves but what waits for the clock, and enter in the order they were asked for: for a
   * virtual clock, where a run must be the same twice. Calls are made in that order too and run side by side: a port
   * whose answers hang on one another must not let real time decide between them.
   */
  readonly ordered?: boolean;
  /**
   * Hears of what went wrong and was dealt with: `JOURNAL_UNKNOWN`, `MINER_POISONED`, `EPOCH_UPGRADED`,
   * `UPGRADE_UNKNOWN`.
   */
  readonly onFault?: (fault: MineOneError) => void;
}

export interface Runtime {
  /** Every record, once it is on disk, in order; an error when the runtime cannot go on. */
  readonly records$: Subject<JournalRecord>;
  /** Opens the journal, folds it, and takes up again what was open. Throws what opening throws. */
  start(): Promise<void>;
  /**
   * Puts an input into the mailbox; resolves with its record once that is on disk, with `null` for one that changes
   * nothing; rejects with `JOURNAL_UNKNOWN`.
   */
  send(stream: string, input: Input): Promise<JournalRecord | null>;
  /** An operator's word; throws `MINER_UNKNOWN` for one that was never added. */
  command(miner: string, command: MinerCommand): Promise<void>;
  /** Starts the epoch for every running miner. */
  epochStarted(epoch: number, config: Value): void;
  miners(): Miners;
  /** The journal as it is open now; another one after a batch that failed. */
  journal(): Journal;
  /** The same; `null` while none is open, and after the end. */
  opened(): Journal | null;
  /** Streams that have not ended. */
  live(): ReadonlyMap<string, LiveStream>;
  /** Effects without a result yet. */
  effects(): readonly EffectStarted[];
  /**
   * Nothing in the mailbox, nothing being written, nothing in flight but alarms and calls that wait for a virtual
   * clock.
   */
  isSettled(): boolean;
  /** Resolves when it is settled; rejects when the runtime cannot go on. */
  settled(): Promise<void>;
  /** Resolves when the mailbox is empty and nothing is being written; rejects when the runtime cannot go on. */
  idle(): Promise<void>;
  /** Results and starts that changed nothing: late, repeated, or of a fenced miner. */
  dropped(): number;
  /**
   * Begins nothing any more, brings out what is bound while it is in time, cancels the rest: that goes on at the next
   * start.
   */
  stop(): Promise<void>;
}
