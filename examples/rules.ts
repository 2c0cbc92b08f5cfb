/** Filecoin's rules alone, without a miner: a header decoded strictly, its CID, its draw, the wins that it claims. Run: node examples/rules.js HEADER_IN_HEX POWER TOTAL_POWER */

import { blockCid, blockHeader } from 'mineone/chain/block-header';
import { fromHex } from 'mineone/chain/bytes';
import { decode } from 'mineone/chain/codec';
import { computeWinCount } from 'mineone/consensus/election';

const [hex = '', power = '1', total = '5'] = process.argv.slice(2);
const header = decode(blockHeader, fromHex(hex));
console.log(`${blockCid(header)} of epoch ${header.height}`);
if (header.electionProof === null) throw new Error('a genesis block: nobody won it');
const wins = computeWinCount(header.electionProof.vrfProof, BigInt(power), BigInt(total));
console.log(`claims ${header.electionProof.winCount} wins; at that power it is ${wins}`);
