/** The messages and receipts of blocks that have none. */

import { AMT_V2, buildAmt } from '../../src/chain/ipld/amt.ts';
import { messagesRoot } from '../../src/consensus/messages/messages-root.ts';

export const EMPTY_RECEIPTS = buildAmt(AMT_V2, []);
export const NO_MESSAGES = messagesRoot([], []);
