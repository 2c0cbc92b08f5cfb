/** The commit point: the bind effect, decided inside the turn that asks for it, its row in that turn's batch (docs/architecture.md 3, «The order around a block»). */

import { idOf, parseAddress } from '../chain/address.ts';
import { decodeCid } from '../chain/encoding/cid.ts';
import type { Epoch } from '../chain/epoch.ts';
import { NEVER } from '../consensus/network/network.ts';
import type { Value } from '../journal/format/value.ts';
import type { Journal } from '../journal/journal.ts';
import type { BindVerdict } from '../journal/slash/slash-rows.ts';
import type { Head } from '../mining/round.ts';

/** What a machine asks to bind; the same as `BindInput` of machines/effects.ts. */
export interface BindAsked {
  readonly miner: string;
  readonly epoch: number;
  /** 38 bytes. */
  readonly cid: Uint8Array;
  readonly base: Head;
  /** A block message in CBOR, or the blob's name. */
  readonly block: Value;
  /** Its signed messages in CBOR, or the blob's name. */
  readonly messages: Value;
}

export type Bind = (input: Value, seq: number) => BindVerdict;

/**
 * Asks the slash filter with the miner's own bound blocks; a pass leaves the row for the batch of record `seq`. The same CID passes however often. Throws `JOURNAL_MOVED`: rows that
 * another process does not see forbid it nothing. `lastEpoch`: no block of a later one is bound, whatever way its epoch came here.
 */
export function bindWith(journal: Pick<Journal, 'slash' | 'store'>, lastEpoch: () => Epoch = () => NEVER): Bind {
  return (input, seq) => {
    journal.store.checkPlace();
    const { miner, epoch, cid, base } = input as unknown as BindAsked;
    const last = lastEpoch();
    if (epoch > last) return { verdict: 'refused', fault: 'upgrade-unknown', why: pastUpgrade(epoch, last) };
    const parents = base.blocks.map((block) => decodeCid(block.cid));
    return journal.slash.bind({ minerId: idOf(parseAddress(miner)), cid: decodeCid(cid), epoch, parents, baseHeight: base.height }, seq);
  };
}

/** CID of the block that is bound for an epoch of a miner; `undefined` when none is. */
export function boundCid(journal: Pick<Journal, 'slash'>, miner: string, epoch: number): Uint8Array | undefined {
  return journal.slash.atEpoch(idOf(parseAddress(miner)), epoch)?.cid.bytes;
}

/** For messages: why nothing of an epoch is signed, bound or sent. */
export function pastUpgrade(epoch: Epoch, last: Epoch): string {
  return `epoch ${epoch} is past an upgrade that this version does not know: nothing after epoch ${last} is signed, bound or sent; install a version that knows it`;
}
