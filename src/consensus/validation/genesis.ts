/**
 * Judges a genesis block, to which no rule of other blocks applies (docs/protocol.md 4.2; lotus
 * chain/gen/genesis/genesis.go `MakeGenesisBlock`).
 */

import { formatAddress } from '../../chain/address.ts';
import { type BlockHeader, blockCid } from '../../chain/block-header.ts';
import type { CID } from '../../chain/encoding/cid.ts';
import type { NetworkParams } from '../network/network.ts';
import { notCheckable, OK, same, type Verdict, wrong } from './verdict.ts';

/** What a verdict on genesis is about: which one it is, and what its header says. */
export interface GenesisResult {
  readonly check: 'genesis-cid' | 'genesis-form';
  readonly verdict: Verdict;
}

const TICKET_LENGTH = 32;
/** AttoFIL a unit of gas. */
const FIRST_BASE_FEE = 100_000_000n;

/** `cids`: all that the source has at height 0 for genesis; `header` is that of the first. */
export function judgeGenesis({ genesisCid, genesisTimestamp }: NetworkParams, cids: readonly CID[], header: BlockHeader): readonly GenesisResult[] {
  const [cid, ...more] = cids.map(String);
  const isThatOf = genesisCid === undefined ? notCheckable('the CID of the genesis of the network is not known') : same(genesisCid, cid);
  return [
    { check: 'genesis-cid', verdict: more.length === 0 ? isThatOf : wrong('a tipset of one block', `${cids.length} blocks`) },
    { check: 'genesis-form', verdict: judgeForm(header, genesisTimestamp, cid) },
  ];
}

function judgeForm(header: BlockHeader, genesisTimestamp: bigint, cid: string | undefined): Verdict {
  const odd = FIELDS.find(([, read, right]) => String(read(header)) !== String(right));
  if (odd !== undefined) return wrong(`${odd[0]} ${odd[2]}`, odd[1](header));
  if (header.timestamp !== genesisTimestamp) return wrong(`a timestamp of ${genesisTimestamp}`, header.timestamp);
  return cid === blockCid(header).toString() ? OK : wrong('the encoding of its CID', blockCid(header));
}

/** What every genesis has, whatever the network. */
const FIELDS: readonly (readonly [field: string, read: (header: BlockHeader) => unknown, right: unknown])[] = [
  ['height', ({ height }) => height, 0],
  ['miner', ({ miner }) => formatAddress(miner), 'f00'],
  ['bytes of the ticket', ({ ticket }) => ticket?.vrfProof.length ?? 'none', TICKET_LENGTH],
  ['win count', ({ electionProof }) => electionProof?.winCount ?? 0, 0],
  ['rounds of the beacon entries', ({ beaconEntries }) => beaconEntries.map(({ round }) => round).join(), '0'],
  ['number of winning PoSt proofs', ({ winPoStProof }) => winPoStProof.length, 0],
  ['parent weight', ({ parentWeight }) => parentWeight, 0n],
  ['BLS aggregate', ({ blsAggregate }) => (blsAggregate === null ? 'none' : 'one'), 'none'],
  ['block signature', ({ blockSig }) => (blockSig === null ? 'none' : 'one'), 'none'],
  ['base fee', ({ parentBaseFee }) => parentBaseFee, FIRST_BASE_FEE],
];
