/**
 * MinerGetBaseInfo as recorded from real nodes: what was asked, and of the answer what says which sector was
 * challenged.
 */

import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { type Address, parseAddress } from '../../src/chain/address.ts';
import { type BeaconEntry, beaconEntry } from '../../src/chain/beacon-entry.ts';
import { type CID, parseCid } from '../../src/chain/encoding/cid.ts';
import { list } from '../../src/chain/encoding/codec.ts';

export interface BaseInfo {
  readonly miner: Address;
  readonly epoch: number;
  readonly base: readonly CID[];
  readonly previousBeacon: BeaconEntry;
  readonly beaconEntries: readonly BeaconEntry[];
  /** Numbers of the challenged sectors. */
  readonly sectors: readonly bigint[];
  readonly minerPower: bigint;
  readonly networkPower: bigint;
}

interface Line {
  readonly c: string;
  readonly json?: { readonly id?: unknown; readonly method?: string; readonly params?: readonly unknown[]; readonly result?: unknown };
}

interface Answer {
  readonly MinerPower: string;
  readonly NetworkPower: string;
  readonly Sectors: readonly { readonly SectorNumber: number }[];
  readonly PrevBeaconEntry: unknown;
  readonly BeaconEntries: unknown;
}

/** All calls of a recording (`….jsonl.gz`) that were answered with neither null nor an error. */
export function recordedBaseInfos(path: string): readonly BaseInfo[] {
  const asked = new Map<string, readonly unknown[]>();
  const answered: BaseInfo[] = [];
  for (const line of gunzipSync(readFileSync(path)).toString('utf8').split('\n')) {
    if (!line.includes('"jsonrpc"')) continue;
    const { c, json }: Line = JSON.parse(line);
    const call = `${c}/${json?.id}`;
    if (json?.method === 'Filecoin.MinerGetBaseInfo') asked.set(call, json.params ?? []);
    else if (asked.has(call)) {
      if (json?.result != null) answered.push(baseInfo(asked.get(call) as readonly unknown[], json.result as Answer));
      asked.delete(call);
    }
  }
  return answered;
}

function baseInfo([miner, epoch, base]: readonly unknown[], answer: Answer): BaseInfo {
  return {
    miner: parseAddress(miner as string),
    epoch: epoch as number,
    base: (base as readonly { readonly '/': string }[]).map((cid) => parseCid(cid['/'])),
    previousBeacon: beaconEntry.fromJson(answer.PrevBeaconEntry),
    beaconEntries: list(beaconEntry).fromJson(answer.BeaconEntries),
    sectors: answer.Sectors.map(({ SectorNumber }) => BigInt(SectorNumber)),
    minerPower: BigInt(answer.MinerPower),
    networkPower: BigInt(answer.NetworkPower),
  };
}
