/** What the runtime's mailbox takes: an input for a stream, and whoever waits for the record of it. */

import { MineOneError } from '../errors/mineone-error.ts';
import type { Input, JournalRecord } from '../journal/format/record.ts';
import type { Session } from './session.ts';

export interface Letter {
  readonly stream: string;
  readonly input: Input;
  /** With `null` for an input that changes nothing. */
  readonly resolve: (record: JournalRecord | null) => void;
  readonly reject: (error: unknown) => void;
}

/** `answered`: what its sender waits for. */
export function letterOf(stream: string, input: Input): { readonly letter: Letter; readonly answered: Promise<JournalRecord | null> } {
  let [resolve, reject]: [Letter['resolve'], Letter['reject']] = [() => undefined, () => undefined];
  const answered = new Promise<JournalRecord | null>((onRecord, onError) => {
    [resolve, reject] = [onRecord, onError];
  });
  // Who does not wait for the answer is not to be told of it by a crash.
  answered.catch(() => undefined);
  return { letter: { stream, input, resolve, reject }, answered };
}

/**
 * Its turn in this session. Gives what answers it, to be called when its batch is on disk; `drop` is called for one
 * that changes nothing.
 */
export async function handle(session: Session, { stream, input, resolve, reject }: Letter, drop: () => void): Promise<() => void> {
  try {
    const record = await session.handle(stream, input);
    if (record === null) drop();
    return () => resolve(record);
  } catch (error) {
    if (!(error instanceof MineOneError) || error.code !== 'VALUE_REFUSED') throw error;
    return () => reject(error);
  }
}

/**
 * Of letters whose batch failed, or that came meanwhile: starts of epochs, which are asked for again. The others are
 * told why.
 */
export function toAskAgain(letters: readonly Letter[], why: MineOneError): Letter[] {
  for (const letter of letters) if (letter.input.type !== 'start') letter.reject(why);
  return letters.filter(({ input }) => input.type === 'start');
}
