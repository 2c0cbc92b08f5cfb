/** The devnet's genesis block, in the form that all have (docs/protocol.md 4.2). */

import { idAddress } from '../../chain/address.ts';
import type { BlockHeader } from '../../chain/block-header.ts';
import { EMPTY } from '../../chain/encoding/bytes.ts';
import { type CID, parseCid } from '../../chain/encoding/cid.ts';
import { AMT_V2, buildAmt } from '../../chain/ipld/amt.ts';
import { INITIAL_BASE_FEE } from '../../consensus/messages/base-fee.ts';
import { messagesRoot } from '../../consensus/messages/messages-root.ts';
import type { NetworkParams } from '../../consensus/network/network.ts';

/** The parent of every genesis: a SHA-256 link to no header. */
const GENESIS_PARENT = parseCid('bafyreiaqpwbbyjo4a42saasj36kkrpv4tsherf2e7bvezkert2a7dhonoi');

export const NO_RECEIPTS = buildAmt(AMT_V2, []);
export const NO_MESSAGES = messagesRoot([], []);

export function genesisBlock(params: NetworkParams, stateRoot: CID): BlockHeader {
  return {
    miner: idAddress(0),
    ticket: { vrfProof: new Uint8Array(32).fill(1) },
    electionProof: { winCount: 0, vrfProof: EMPTY },
    beaconEntries: [{ round: 0n, data: new Uint8Array(32) }],
    winPoStProof: [],
    parents: [GENESIS_PARENT],
    parentWeight: 0n,
    height: 0,
    parentStateRoot: stateRoot,
    parentMessageReceipts: NO_RECEIPTS.root,
    messages: NO_MESSAGES.cid,
    blsAggregate: null,
    timestamp: params.genesisTimestamp,
    blockSig: null,
    forkSignaling: 0n,
    parentBaseFee: INITIAL_BASE_FEE,
  };
}
