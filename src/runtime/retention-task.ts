/**
 * Retention beside mining: at the start, and from time to time; one at a time, its checkpoint through the mailbox like
 * any other input.
 */

import { MineOneError } from '../errors/mineone-error.ts';
import { CHECKPOINT } from '../mining/stream.ts';
import { retain } from '../replay/retention.ts';
import type { Machine } from '../statechart/machine.ts';
import { atRest } from './drive.ts';
import type { Runtime } from './runtime.ts';

export interface RetentionTask {
  /** Gives up what is old by now, unless that is being done. */
  begin(): void;
  isRunning(): boolean;
  /** Resolves when nothing is being removed any more. */
  ended(): Promise<void>;
}

export interface RetentionTaskParts {
  readonly runtime: Pick<Runtime, 'opened' | 'send' | 'isSettled' | 'settled'>;
  readonly machines: ReadonlyMap<string, Machine>;
  /** How long before the last record an epoch may have begun, in milliseconds. */
  readonly keepMs: number;
  /** Begins when nothing moves any more: on a virtual clock its record is to have the same place twice. */
  readonly ordered: boolean;
  /** Hears of `RETENTION_FAILED`: the next time it goes on from there. */
  readonly onFault: (fault: MineOneError) => void;
}

export function retentionTask({ runtime, machines, keepMs, ordered, onFault }: RetentionTaskParts): RetentionTask {
  let running: Promise<void> | null = null;
  async function run(): Promise<void> {
    const journal = runtime.opened();
    // One that is being opened again has other cares: there is a next time.
    if (journal === null) return;
    try {
      if (ordered) await atRest([runtime]);
      // What was planned on a journal is not for the one that is opened after it, nor is that waited for.
      const write = async (input: Parameters<Runtime['send']>[1]): Promise<boolean> => !journal.ended() && (await runtime.send(CHECKPOINT, input)) !== null;
      await retain(journal, { machines, keep: { ms: keepMs }, write });
    } catch (error) {
      // A journal that was closed meanwhile takes nothing more: the rest goes at the next start.
      if (!journal.ended())
        onFault(new MineOneError('RETENTION_FAILED', `old records were not all removed: ${(error as Error).message}; it is tried again`, { cause: error }));
    }
  }
  return {
    begin() {
      running ??= run().finally(() => {
        running = null;
      });
    },
    isRunning: () => running !== null,
    ended: () => running ?? Promise.resolve(),
  };
}
