/**
 * Whether what a node said of a miner can be mined with (docs/protocol.md 2.13), by what is to be seen of it alone. Its
 * beacon entries are judged in beacon.ts.
 *
 * Not to be seen, for only the lookback state knows: whether powers, sector and worker are this miner's and of this
 * epoch. Of another epoch its beacon entries are other ones; another miner's key is found out by the block's signature,
 * which a node makes with the key that the chain names; a wrong power or sector is the node's alone to know.
 */

import { formatAddress, PROTOCOL_BLS } from '../chain/address.ts';
import { isSectorSize } from '../consensus/winning-post.ts';
import type { MiningBaseInfo } from './base-info.ts';

export type BaseInfoRule = 'BASE_INFO_WORKER' | 'BASE_INFO_SECTORS' | 'BASE_INFO_POWER';

export interface BaseInfoFault {
  readonly code: BaseInfoRule;
  readonly message: string;
}

/** A winning PoSt is over one sector. */
const SECTORS = 1;

/**
 * The first thing that is wrong; `null` where nothing is, and for a miner that may not mine: of that nothing is made.
 */
export function baseInfoFault({ eligible, workerKey, sectors, sectorSize, minerPower, networkPower }: MiningBaseInfo): BaseInfoFault | null {
  if (!eligible) return null;
  if (workerKey.protocol !== PROTOCOL_BLS)
    return { code: 'BASE_INFO_WORKER', message: `the worker key is a BLS key (f3…), the node says ${formatAddress(workerKey)}` };
  if (sectors.length !== SECTORS) return { code: 'BASE_INFO_SECTORS', message: `one sector is challenged, the node names ${sectors.length}` };
  if (!isSectorSize(sectorSize)) return { code: 'BASE_INFO_SECTORS', message: `there are no sectors of ${sectorSize} bytes` };
  if (networkPower <= 0n || minerPower < 0n || minerPower > networkPower)
    return { code: 'BASE_INFO_POWER', message: `a miner has 0 to the network's power, the node says ${minerPower} of ${networkPower}` };
  return null;
}
