/**
 * Checks of the two roots that come of executing the base's messages. Nothing is executed here, but much of what they
 * must be is known without (docs/protocol.md 2.16 and 4.3).
 */

import type { CID } from '../../chain/encoding/cid.ts';
import { AMT_V2, amtEntries, buildAmt } from '../../chain/ipld/amt.ts';
import { firstBlock } from '../../chain/tipset.ts';
import { DecodeError } from '../../errors/mineone-error.ts';
import { appliedMessages } from './applied-messages.ts';
import type { Candidate } from './candidate.ts';
import type { Check } from './check.ts';
import { nonceFault } from './nonces.ts';
import type { Round, Sibling } from './round.ts';
import { knownOr, notCheckable, OK, same, type Verdict, wrong } from './verdict.ts';

/** Receipts of a base without messages. */
const NO_RECEIPTS = buildAmt(AMT_V2, []).root;
const NOT_EXECUTED = notCheckable('messages are not executed here');

export const stateRoot: Check = {
  name: 'state-root',
  rule: "the state after the base's messages",
  run(candidate, round) {
    const { parentStateRoot } = candidate.header;
    if (round.base.height === 0) return same(firstBlock(round.base).parentStateRoot, parentStateRoot);
    const odd = disagreement(candidate, round, ({ header }) => header.parentStateRoot);
    return odd ?? knownOr(null, () => nonceFault(round)) ?? NOT_EXECUTED;
  },
};

export const receiptsRoot: Check = {
  name: 'receipts-root',
  rule: "the receipts of the base's messages",
  run(candidate, round) {
    const { parentMessageReceipts } = candidate.header;
    if (round.base.height === 0) return same(firstBlock(round.base).parentMessageReceipts, parentMessageReceipts);
    const odd = disagreement(candidate, round, ({ header }) => header.parentMessageReceipts);
    if (odd !== null) return odd;
    const applied = knownOr(null, () => appliedMessages(round));
    return applied === null ? NOT_EXECUTED : judgeReceipts(round, parentMessageReceipts, applied.length);
  },
};

/** The receipts of so many messages. */
function judgeReceipts({ view }: Round, root: CID, messages: number): Verdict {
  if (messages === 0) return root.equals(NO_RECEIPTS) ? OK : wrong(`no receipts, as the base has no messages (${NO_RECEIPTS})`, root);
  if (root.equals(NO_RECEIPTS)) return wrong(`receipts of ${messages} messages`, 'none');
  const found = knownOr(null, () => countReceipts(view.get, root, messages));
  if (found === null) return NOT_EXECUTED;
  if (typeof found !== 'number') return wrong(`receipts of ${messages} messages`, found.message);
  return found === messages ? NOT_EXECUTED : wrong(`receipts of ${messages} messages`, found);
}

/** How many there are, or why these are none or too many; throws `MissingBlockError`. */
function countReceipts(get: Round['view']['get'], root: CID, most: number): number | DecodeError {
  try {
    let count = 0;
    for (const _ of amtEntries(get, root, AMT_V2, most)) count++;
    return count;
  } catch (error) {
    if (error instanceof DecodeError) return error;
    throw error;
  }
}

/**
 * One base has one state after it and one list of receipts: of two blocks that name two, one is wrong, and which one
 * only execution says.
 */
function disagreement({ cid }: Candidate, { siblings }: Round, rootOf: (sibling: Sibling) => CID): Verdict | null {
  const own = siblings.find((sibling) => sibling.cid.equals(cid));
  if (own === undefined) return null;
  const other = siblings.find((sibling) => !rootOf(sibling).equals(rootOf(own)));
  return other === undefined ? null : wrong(`one root of all blocks on one base, or ${rootOf(other)} as block ${other.cid} has it`, rootOf(own));
}
