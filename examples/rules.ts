/**
 * Filecoin's rules alone, without a miner: a header decoded strictly, its CID, its draw, the wins that it claims. Run:
 * node examples/rules.js HEADER_IN_HEX POWER TOTAL_POWER
 */

import { blockCid, blockHeader } from 'mineone/chain/block-header';
import { fromHex } from 'mineone/chain/encoding/bytes';
import { decode } from 'mineone/chain/encoding/codec';
import { computeWinCount } from 'mineone/consensus/election';

const [hex = '', ...powers] = process.argv.slice(2);
const bytes = fromHex(hex);
const [power = 1n, totalPower = 5n] = powers.map(BigInt);

// Throws a DecodeError that names the field.
const header = decode(blockHeader, bytes);
const cid = blockCid(header);
const proof = header.electionProof?.vrfProof;
const wins = proof && computeWinCount(proof, power, totalPower);

console.log(`${cid} of epoch ${header.height}`);
if (header.electionProof === null)
  throw new Error('a genesis block: nobody won it');
console.log(
  `claims ${header.electionProof.winCount} wins; at that power it is ${wins}`,
);
