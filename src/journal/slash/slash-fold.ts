/**
 * What the rows of the slash filter must be, by the records alone: each bind that passed leaves two, and one that the
 * fence refused before anything was sent makes them void.
 */

import { toHex } from '../../chain/encoding/bytes.ts';
import { epochStream } from '../../mining/stream.ts';
import { endsStream } from '../chain/record-chain.ts';
import { slashEpochKey, slashParentsKey } from '../format/keys.ts';
import type { JournalRecord } from '../format/record.ts';
import { bindsOf } from './bind-made.ts';
import { encodeSlashRow, parentsHash, type SlashRow } from './slash-rows.ts';

/** A row as the records say it. */
export interface RowDue {
  readonly row: SlashRow;
  readonly value: Uint8Array;
  /** Whose bind it is: `f01000/4211337`. */
  readonly stream: string;
}

export interface SlashFold {
  /** Records in order; those before the first that is taken are not known. */
  take(record: JournalRecord): void;
  /** By their keys in hexadecimal. */
  readonly due: ReadonlyMap<string, RowDue>;
}

/** How far a stream has come. */
interface Progress {
  readonly bound: SlashRow | null;
  /** A submission was asked for: the block may be out, and forbids others whatever the fence says after that. */
  readonly isSent: boolean;
}

const FRESH: Progress = { bound: null, isSent: false };
const SUBMIT = 'submitBlock';
const CONFLICT = 'fence-conflict';

export function slashFold(): SlashFold {
  const due = new Map<string, RowDue>();
  const streams = new Map<string, Progress>();
  const keep = (row: SlashRow, stream: string): void => {
    const value = encodeSlashRow(row);
    for (const key of keysOf(row)) due.set(toHex(key), { row, value, stream });
  };
  /** `undefined` for a void one too. */
  const held = ({ minerId, epoch }: Pick<SlashRow, 'minerId' | 'epoch'>): SlashRow | undefined => {
    const found = due.get(toHex(slashEpochKey(minerId, epoch)))?.row;
    return found?.isVoid === true ? undefined : found;
  };
  return {
    due,
    take(record) {
      const { stream, seq, input, steps, outcome } = record;
      const before = input.type === 'start' ? FRESH : (streams.get(stream) ?? FRESH);
      const made = bindsOf(record).map(({ minerId, cid, epoch, parents }): SlashRow => ({ minerId, cid, epoch, parents, seq, isVoid: false }));
      for (const row of made) if (held(row) === undefined) keep(row, stream);
      const freed = before.bound !== null && !before.isSent && isConflict(outcome) ? held(before.bound) : undefined;
      if (freed !== undefined) keep({ ...freed, isVoid: true }, stream);
      if (endsStream(record)) streams.delete(stream);
      else if (epochStream(stream) !== null)
        streams.set(stream, {
          bound: made[0] ?? before.bound,
          isSent: before.isSent || steps.some(({ effects }) => effects.some(({ name }) => name === SUBMIT)),
        });
    },
  };
}

/** Those that a row is kept under. */
export function keysOf({ minerId, epoch, parents }: Pick<SlashRow, 'minerId' | 'epoch' | 'parents'>): readonly [byEpoch: Uint8Array, byParents: Uint8Array] {
  return [slashEpochKey(minerId, epoch), slashParentsKey(minerId, parentsHash(parents))];
}

function isConflict(outcome: JournalRecord['outcome']): boolean {
  return ((outcome ?? {}) as { readonly why?: string }).why === CONFLICT;
}
