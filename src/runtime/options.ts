/** What a runtime is given: a journal to open, a clock, machines, and somebody who performs their effects. */

import type { MineOneError } from '../chain/error.ts';
import type { Journal } from '../journal/journal.ts';
import type { EffectKey } from '../journal/record.ts';
import type { Value } from '../journal/value.ts';
import type { Clock } from '../ports/clock.ts';
import type { Code } from './code.ts';
import type { Machine } from './machine.ts';

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

/** Performs an effect; a rejection is a failure: its `code`, `message` and `retryable` are what the machine is given. */
export type Perform = (name: string, input: Value, context: PerformContext) => Promise<Value>;

export interface RuntimeOptions {
  /** Opens the journal, verified: at the start, and again after a batch that failed. The runtime closes it then alone; after `stop` it is the caller's to close. */
  readonly open: () => Promise<Journal>;
  readonly clock: Clock;
  /** Machines that streams may be started with, by name; `fate` and `rescue` are started by the runtime where they are there. */
  readonly machines: ReadonlyMap<string, Machine>;
  readonly perform: Perform;
  readonly code: Code;
  /** Results of effects that run side by side enter in the order they were asked for: for a virtual clock, where a run must be the same twice. */
  readonly ordered?: boolean;
  /** Hears of what went wrong and was dealt with: `JOURNAL_UNKNOWN`, `MINER_POISONED`, `EPOCH_UPGRADED`. */
  readonly onFault?: (fault: MineOneError) => void;
}
