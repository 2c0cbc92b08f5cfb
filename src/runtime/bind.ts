/**
 * The commit point: the bind effect, decided inside the turn that asks for it, its row in that turn's batch
 * (docs/architecture.md 3, «The order around a block»).
 */

import { idOf, parseAddress } from '../chain/address.ts';
import type { Epoch } from '../chain/epoch.ts';
import { NEVER } from '../consensus/network/network.ts';
import type { Value } from '../journal/format/value.ts';
import type { Journal } from '../journal/journal.ts';
import { bindAsked } from '../journal/slash/bind-made.ts';
import type { RowVerdict } from '../journal/slash/slash-rows.ts';

export type Bind = (input: Value, seq: number) => RowVerdict;

/**
 * Asks the slash filter with the miner's own bound blocks; a pass leaves the row for the batch of record `seq`. The
 * same CID passes however often. Throws `JOURNAL_MOVED`: rows that another process does not see forbid it nothing.
 * `lastEpoch`: no block of a later one is bound, whatever way its epoch came here.
 */
export function bindWith(journal: Pick<Journal, 'slash' | 'store'>, lastEpoch: () => Epoch = () => NEVER): Bind {
  return (input, seq) => {
    journal.store.checkPlace();
    const asked = bindAsked(input);
    const last = lastEpoch();
    if (asked.epoch > last) return { verdict: 'refused', fault: 'upgrade-unknown', why: pastUpgrade(asked.epoch, last) };
    return journal.slash.bind(asked, seq);
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
