/** The devnet's first state: its cast, all tokens given out, every actor that rules read (docs/protocol.md 4.6). */

import { addressBytes, idAddress } from '../../chain/address.ts';
import { encodePlain, type Plain } from '../../chain/encoding/cbor-encode.ts';
import type { CID } from '../../chain/encoding/cid.ts';
import { encode, u64 } from '../../chain/encoding/codec.ts';
import { buildHamt, HAMT_V3, type HamtEntry } from '../../chain/ipld/hamt.ts';
import type { Actor } from '../../chain/state/state-tree.ts';
import type { NetworkParams } from '../../consensus/network/network.ts';
import type { Account, Cast } from '../setting/cast.ts';
import { stateOf } from './actors.ts';
import type { BlockTable } from './block-table.ts';
import { BURNT_ID, CODES, INIT_ID, POWER_ID, REWARD_ID, SYSTEM_ID } from './codes.ts';
import { putMiner, putSectors, SECTOR_SIZE } from './miner-object.ts';
import { putPower } from './power-object.ts';

const FIL = 10n ** 18n;
const REWARD_BALANCE = 1_000_000_000n * FIL;
const SENDER_BALANCE = 100_000n * FIL;
const MINER_BALANCE = 1_000n * FIL;
const NEXT_ID = 1_000_000n;

export function putGenesisState(table: BlockTable, cast: Cast, params: NetworkParams): CID {
  const actors = new Map<bigint, Actor>();
  const add = (id: bigint, code: CID, state: Plain | CID, balance = 0n): void => {
    const head = isLink(state) ? state : table.put(encodePlain(state));
    actors.set(id, { code, head, nonce: 0n, balance, delegatedAddress: null });
  };
  const workers = cast.miners.map(({ worker }) => worker);
  add(SYSTEM_ID, CODES.system, [table.put(encodePlain(Object.entries(CODES).map(([name, code]) => [name, code])))]);
  add(INIT_ID, CODES.init, [addressMap(table, [...workers, ...cast.senders]), NEXT_ID, params.name]);
  add(REWARD_ID, CODES.reward, [], REWARD_BALANCE);
  add(POWER_ID, CODES.storagepower, putPower(table, new Map(cast.miners.map(({ id, power }) => [id, power])), params.consensusMinerMinPower));
  // Its own id is its key: nobody signs for it.
  add(BURNT_ID, CODES.account, [addressBytes(idAddress(BURNT_ID))]);
  for (const { id, address } of workers) add(id, CODES.account, [addressBytes(address)]);
  cast.senders.forEach(({ id, address }, i) => {
    // Every eighth is poor: what it would spend, it cannot always.
    add(id, CODES.account, [addressBytes(address)], i % 8 === 7 ? FIL : SENDER_BALANCE);
  });
  for (const { id, name, worker, power } of cast.miners) {
    const sectors = putSectors(table, name, Number(power / SECTOR_SIZE) || 1);
    const miner = { worker: idAddress(worker.id), feeDebt: 0n, consensusFaultElapsed: -1, ...sectors };
    add(id, CODES.storageminer, putMiner(table, miner), MINER_BALANCE);
  }
  return stateOf(table, actors);
}

function addressMap(table: BlockTable, accounts: readonly Account[]): CID {
  return table.keep(
    buildHamt(
      HAMT_V3,
      accounts.map(({ id, address }): HamtEntry => [addressBytes(address), encode(u64, id)]),
    ),
  );
}

function isLink(state: Plain | CID): state is CID {
  return state !== null && typeof state === 'object' && 'multihash' in state;
}
