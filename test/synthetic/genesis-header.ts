/** The genesis header of a made chain, in the form that all have (protocol.md 4.2). */

import { idAddress } from '../../src/chain/address.ts';
import type { BlockHeader } from '../../src/chain/block-header.ts';
import { EMPTY } from '../../src/chain/bytes.ts';
import { type CID, parseCid } from '../../src/chain/cid.ts';
import type { NetworkParams } from '../../src/consensus/network.ts';
import { EMPTY_RECEIPTS, NO_MESSAGES } from './no-messages.ts';

/** The parent of every genesis: a SHA-256 link to no header. */
const GENESIS_PARENT = parseCid('bafyreiaqpwbbyjo4a42saasj36kkrpv4tsherf2e7bvezkert2a7dhonoi');

export function genesisHeader(params: NetworkParams, stateRoot: CID): BlockHeader {
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
    parentMessageReceipts: EMPTY_RECEIPTS.root,
    messages: NO_MESSAGES.cid,
    blsAggregate: null,
    timestamp: params.genesisTimestamp,
    blockSig: null,
    forkSignaling: 0n,
    parentBaseFee: 100_000_000n,
  };
}
