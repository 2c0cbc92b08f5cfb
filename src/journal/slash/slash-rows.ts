/**
 * The blocks that were bound, as rows that the slash filter is asked with (docs/architecture.md 3, bind). Written in
 * the batch of the record that bound them, never after it.
 */

import { toHex } from '../../chain/encoding/bytes.ts';
import type { CID } from '../../chain/encoding/cid.ts';
import { decodeCid } from '../../chain/encoding/cid.ts';
import type { Epoch } from '../../chain/epoch.ts';
import type { SlashFault } from '../../consensus/slash-fault.ts';
import { checkSlashFilter, type OwnBlock, type OwnBlocks } from '../../mining/slash-filter.ts';
import { slashEpochKey, slashParentsKey } from '../format/keys.ts';
import { sha256 } from '../format/sha256.ts';
import { decodeValue, encodeValue } from '../format/value.ts';

export interface BindAsked {
  readonly minerId: bigint;
  readonly cid: CID;
  readonly epoch: Epoch;
  readonly parents: readonly CID[];
  readonly baseHeight: Epoch;
}

/** A fault that two of our blocks would be; or the rules of the block's epoch are not known. */
export type BindFault = SlashFault | 'upgrade-unknown';

export type RowVerdict = { readonly verdict: 'bound' } | { readonly verdict: 'refused'; readonly fault: BindFault; readonly why: string };

/** Of one block, under (miner, epoch) and under (miner, parents). */
export interface SlashRow extends OwnBlock {
  readonly minerId: bigint;
  /** Record that bound it. */
  readonly seq: number;
  /** It was refused by the fence and never sent: it forbids nothing any more. */
  readonly isVoid: boolean;
}

/** A row to be written; `before` is what it takes the place of. */
export interface UnsavedRow {
  readonly key: Uint8Array;
  readonly value: Uint8Array;
  readonly before: Uint8Array | undefined;
}

interface Unsaved {
  readonly key: Uint8Array;
  readonly value: Uint8Array;
  readonly seq: number;
  /** What an earlier record of the same batch wrote there. */
  readonly under: Unsaved | undefined;
}

export interface SlashRows {
  /**
   * Later turns see the row at once: as long as it waits for a batch, while that batch is on its way to the disk, and
   * from there.
   */
  bind(asked: BindAsked, seq: number): RowVerdict;
  /** `undefined` for a void one too. */
  atEpoch(minerId: bigint, epoch: Epoch): SlashRow | undefined;
  /** What the fence refused, and nobody was ever sent, holds up no other block: its rows stay, and are void. */
  annul(minerId: bigint, epoch: Epoch): void;
  /** Forgets what was bound for a record that is not to be written. */
  undo(seq: number): void;
  /**
   * Rows of the records before `next`, for one batch: a row never goes to disk without its record. Called again only
   * when the batch before is on disk.
   */
  takeUnsaved(next: number): readonly UnsavedRow[];
}

/** Epochs in which a later block is looked for: none is bound longer than its epoch lasts after its time. */
const LATER_EPOCHS = 10;

export function slashRows(load: (key: Uint8Array) => Uint8Array | undefined): SlashRows {
  const unsaved = new Map<string, Unsaved>();
  /** Taken for the last batch: the store may not have them yet, and they count all the same. */
  let underway = new Map<string, Uint8Array>();
  const read = (key: Uint8Array): SlashRow | undefined => {
    const name = toHex(key);
    const bytes = unsaved.get(name)?.value ?? underway.get(name) ?? load(key);
    const row = bytes === undefined ? undefined : decodeSlashRow(bytes);
    return row?.isVoid === true ? undefined : row;
  };
  const keep = (row: SlashRow, seq: number): void => {
    const value = encodeSlashRow(row);
    for (const key of [slashEpochKey(row.minerId, row.epoch), slashParentsKey(row.minerId, parentsHash(row.parents))]) {
      const under = unsaved.get(toHex(key));
      unsaved.set(toHex(key), { key, value, seq, under: under?.seq === seq ? under.under : under });
    }
  };
  const own = (minerId: bigint): OwnBlocks => ({
    atEpoch: (epoch) => read(slashEpochKey(minerId, epoch)),
    onParents: (parents) => read(slashParentsKey(minerId, parentsHash(parents))),
    after(epoch) {
      for (let later = epoch + 1; later <= epoch + LATER_EPOCHS; later++) {
        const row = read(slashEpochKey(minerId, later));
        if (row !== undefined) return row;
      }
      return undefined;
    },
  });
  return {
    atEpoch: (minerId, epoch) => read(slashEpochKey(minerId, epoch)),
    bind(asked, seq) {
      const verdict = checkSlashFilter(own(asked.minerId), asked, asked.baseHeight);
      if (verdict.verdict === 'fault') return { verdict: 'refused', fault: verdict.fault, why: verdict.why };
      const known = read(slashEpochKey(asked.minerId, asked.epoch));
      if (known === undefined) keep({ ...asked, seq, isVoid: false }, seq);
      return { verdict: 'bound' };
    },
    annul(minerId, epoch) {
      const row = read(slashEpochKey(minerId, epoch));
      if (row !== undefined) keep({ ...row, isVoid: true }, row.seq);
    },
    undo(seq) {
      for (const [key, row] of unsaved) {
        if (row.seq !== seq) continue;
        if (row.under === undefined) unsaved.delete(key);
        else unsaved.set(key, row.under);
      }
    },
    takeUnsaved(next) {
      const taken: UnsavedRow[] = [];
      underway = new Map();
      for (const [name, row] of unsaved) {
        const ready = row.seq < next ? row : row.under;
        if (ready === undefined) continue;
        if (ready === row) unsaved.delete(name);
        else unsaved.set(name, { ...row, under: undefined });
        underway.set(name, ready.value);
        taken.push({ key: ready.key, value: ready.value, before: load(ready.key) });
      }
      return taken;
    },
  };
}

/** SHA-256 of the CIDs' bytes one after another. */
export function parentsHash(parents: readonly CID[]): Uint8Array {
  const bytes = new Uint8Array(parents.reduce((length, { bytes: cid }) => length + cid.length, 0));
  let offset = 0;
  for (const { bytes: cid } of parents) {
    bytes.set(cid, offset);
    offset += cid.length;
  }
  return sha256(bytes);
}

/** Its bytes; {@link decodeSlashRow} reads them. */
export function encodeSlashRow({ minerId, cid, epoch, parents, seq, isVoid }: SlashRow): Uint8Array {
  return encodeValue([minerId, cid.bytes, epoch, parents.map(({ bytes }) => bytes), seq, ...(isVoid ? [true] : [])]);
}

/** A slash row's value. */
export function decodeSlashRow(bytes: Uint8Array): SlashRow {
  const [minerId, cid, epoch, parents, seq, isVoid = false] = decodeValue(bytes) as unknown as RowFields;
  return { minerId, cid: decodeCid(cid), epoch, parents: parents.map(decodeCid), seq, isVoid };
}

type RowFields = readonly [bigint, Uint8Array, number, readonly Uint8Array[], number, boolean?];
