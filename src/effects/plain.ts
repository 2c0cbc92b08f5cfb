/** The chain's nouns as the plain data that machines and records hold, and back. */

import { formatAddress } from '../chain/address.ts';
import { type CID, decodeCid } from '../chain/encoding/cid.ts';
import { firstBlock, type Tipset, type TipsetKey, tipsetKeyBytes } from '../chain/tipset.ts';
import type { BlobRef } from '../mining/effects.ts';
import type { Standing } from '../mining/orphan.ts';
import type { Head, MiningInfo } from '../mining/round.ts';
import type { MiningBaseInfo } from '../ports/node.ts';
import type { PerformContext } from '../runtime/options.ts';

export function headOf(tipset: Tipset): Head {
  return {
    height: tipset.height,
    timestamp: Number(firstBlock(tipset).timestamp),
    parents: tipsetKeyBytes(tipset.parents),
    blocks: tipset.blocks.map((block, i) => ({ cid: (tipset.key[i] as CID).bytes, ticket: block.ticket?.vrfProof ?? new Uint8Array(0) })),
  };
}

export function standingOf({ height, key, parents, blocks }: Tipset): Standing {
  return {
    height,
    parents: tipsetKeyBytes(parents),
    blocks: blocks.map(({ miner }, i) => ({ cid: (key[i] as CID).bytes, miner: formatAddress(miner) })),
  };
}

export function tipsetKeyOf(head: Head): TipsetKey {
  return head.blocks.map(({ cid }) => decodeCid(cid));
}

/** Beacon entries are shared: miners of one epoch are told the same ones. */
export function infoOf(info: MiningBaseInfo, share: PerformContext['share']): MiningInfo {
  return {
    power: info.minerPower,
    networkPower: info.networkPower,
    sectors: info.sectors.map(({ number, sealProof, sealedCid }) => ({ number, sealProof, sealedCid: sealedCid.bytes })),
    workerKey: formatAddress(info.workerKey),
    sectorSize: info.sectorSize,
    beacon: { previous: share(info.previousBeacon), entries: info.beaconEntries.map((entry) => share(entry)) },
    eligible: info.eligible,
    reason: info.reason,
  };
}

/** Bytes as they are, or those that a name stands for. */
export function bytesOf(named: BlobRef | Uint8Array, { blob }: PerformContext): Uint8Array {
  return named instanceof Uint8Array ? named : blob(named.$blob);
}
