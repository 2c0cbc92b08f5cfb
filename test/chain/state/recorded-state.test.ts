/**
 * States of real chains: mainnet's genesis, and every state of two devnets, read and compared with what their nodes
 * said; all their containers built again.
 */

import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { beforeAll, describe, expect, test } from 'vitest';
import { addressBytes, addressFromBytes, formatAddress, idAddress, idOf, parseAddress } from '../../../src/chain/address.ts';
import { bitFieldCount, bitFieldMembers } from '../../../src/chain/encoding/bit-field.ts';
import { fromHex, toHex } from '../../../src/chain/encoding/bytes.ts';
import { parseCid } from '../../../src/chain/encoding/cid.ts';
import { keyAddress } from '../../../src/chain/state/account.ts';
import { networkName, resolveAddress } from '../../../src/chain/state/init.ts';
import { type MinerState, readMiner } from '../../../src/chain/state/miner.ts';
import { claimOf, readPower } from '../../../src/chain/state/power.ts';
import { provingSet } from '../../../src/chain/state/proving-set.ts';
import { sectorOf } from '../../../src/chain/state/sector.ts';
import type { StateTree } from '../../../src/chain/state/state-tree.ts';
import { getActor, openStateTree } from '../../../src/chain/state/state-tree.ts';
import { actorName, builtinActorNames } from '../../../src/chain/state/system.ts';
import { sharedData, suiteName } from '../../shared-data.ts';
import { type CarFile, headersOf, readCar } from './car-file.ts';
import { rebuildAll } from './rebuild.ts';

function minerOf(tree: StateTree, id: bigint): MinerState {
  return readMiner(tree, id) ?? expect.fail(`no miner ${id}`);
}

/** All states of the chain that the file holds, in the order of their epochs. */
function statesOf(car: CarFile): readonly StateTree[] {
  const roots = new Map(headersOf(car).map(({ height, parentStateRoot }) => [parentStateRoot.toString(), height]));
  const held = [...roots].filter(([root]) => car.blocks.has(root)).sort(([, a], [, b]) => a - b);
  return held.map(([root]) => openStateTree(car.get, parseCid(root)));
}

const mainnetCar = sharedData('mainnet/mainnet-0-39.car');

describe.skipIf(mainnetCar.absent)(suiteName('mainnet’s genesis', mainnetCar.absent), () => {
  let car: CarFile;
  let tree: StateTree;
  let epochs: MainnetEpochs;
  beforeAll(async () => {
    car = await readCar(mainnetCar.path);
    const [state, ...others] = statesOf(car);
    expect(others).toHaveLength(0);
    tree = state ?? expect.fail('no state');
    epochs = JSON.parse(readFileSync(sharedData('mainnet/epochs-0-39.json').path, 'utf8')) as MainnetEpochs;
  });

  test('power and claims', () => {
    const { exact } = JSON.parse(readFileSync(sharedData('mainnet/power.json').path, 'utf8')) as MainnetPower;
    const expected = exact['mainnet 1..39'] ?? expect.fail();
    const power = readPower(tree);
    expect(tree.version).toBe(0);
    expect(power.totalQualityAdjPower).toBe(BigInt(expected.totalQualityAdjPower));
    expect(power.totalQualityAdjPower).toBe(BigInt(epochs.power.totalQA));
    expect(power).toMatchObject({ actorsVersion: 0, minerCount: 3n, minerAboveMinPowerCount: 3n });
    for (const [miner, qualityAdj] of Object.entries(expected.claims))
      expect(claimOf(power, idOf(parseAddress(miner)))?.qualityAdjPower).toBe(BigInt(qualityAdj));
    for (const [miner, qualityAdj] of Object.entries(epochs.power.claims)) {
      expect(claimOf(power, idOf(addressFromBytes(fromHex(miner))))?.qualityAdjPower).toBe(BigInt(qualityAdj));
    }
    expect(claimOf(power, 1003n)).toBeNull();
  });

  test('workers and their keys', () => {
    for (const [miner, { workerId, workerBlsPk }] of Object.entries(epochs.miners)) {
      const { info, feeDebt } = minerOf(tree, idOf(addressFromBytes(fromHex(miner))));
      expect(toHex(addressBytes(info.worker))).toBe(workerId);
      expect(toHex(keyAddress(tree, idOf(info.worker))?.payload ?? new Uint8Array())).toBe(workerBlsPk);
      expect(info).toMatchObject({ proof: { of: 'seal', type: 3 }, sectorSize: 1n << 35n, partitionSectors: 2349n, consensusFaultElapsed: -1 });
      expect(feeDebt).toBe(0n);
    }
    expect(Object.keys(epochs.miners)).toHaveLength(3);
  });

  test('every account’s key, both ways', () => {
    for (const [id, key] of Object.entries(epochs.accounts)) {
      const account = idOf(addressFromBytes(fromHex(id)));
      const address = addressFromBytes(fromHex(key));
      expect(keyAddress(tree, account)).toEqual(address.protocol === 0 ? null : address);
      // The key of the first root verifier, f081, was written into genesis without a name for it.
      expect(resolveAddress(tree, address)).toBe(account === 81n ? null : account);
    }
    expect(Object.keys(epochs.accounts).length).toBeGreaterThan(10);
    expect(networkName(tree)).toBe('testnetnet');
    expect(builtinActorNames(tree).size).toBe(0);
  });

  test('proving sets, and every sector in them', () => {
    for (const id of [1000n, 1001n, 1002n]) {
      const miner = minerOf(tree, id);
      const sectors = provingSet(miner, 0);
      // Each sector brings its size ten times over: all of genesis is verified deals.
      expect(bitFieldCount(sectors) * miner.info.sectorSize * 10n).toBe(claimOf(readPower(tree), id)?.qualityAdjPower);
      for (const number of bitFieldMembers(sectors)) expect(sectorOf(miner, number)).toMatchObject({ number, sealProof: 3 });
      expect(sectorOf(miner, 768n)).toBeNull();
    }
  });

  test('every HAMT, AMT and bit field of the file is what its content builds', () => {
    expect(rebuildAll(car)).toEqual({ amts: 41, amtEntries: 7365, hamts: 10, hamtEntries: 4677, bitFields: 12 });
  });
});

interface MainnetEpochs {
  readonly power: { readonly totalQA: string; readonly claims: { readonly [miner: string]: string } };
  readonly miners: { readonly [miner: string]: { readonly workerId: string; readonly workerBlsPk: string } };
  readonly accounts: { readonly [id: string]: string };
}

interface MainnetPower {
  readonly exact: { readonly [where: string]: { readonly totalQualityAdjPower: string; readonly claims: { readonly [miner: string]: string } } };
}

interface Devnet {
  readonly networkName: string;
  readonly miners: { readonly [miner: string]: DevnetMiner };
  readonly totalPower: { readonly RawBytePower: string; readonly QualityAdjPower: string };
}

interface DevnetMiner {
  readonly owner: string;
  readonly worker: string;
  readonly workerKey: string;
  readonly sectorSize: number;
  readonly windowPoStProofType: number;
  readonly power: { readonly RawBytePower: string; readonly QualityAdjPower: string };
  readonly activeSectors: readonly { readonly number: number; readonly sealProof: number; readonly sealedCID: string }[];
}

const here = (path: string) => ({ path: new URL(`../../cassette/${path}`, import.meta.url), absent: false as const });
const devnets = [
  ['devnet-2k', here('devnet-2k.car.gz'), here('devnet-2k.json.gz'), 342, { amts: 259, amtEntries: 420, hamts: 417, hamtEntries: 8113, bitFields: 35 }],
  [
    'devnet-2k-realpost',
    sharedData('cassette/realpost/devnet-2k-realpost.car.gz'),
    sharedData('cassette/realpost/devnet-2k-realpost.json.gz'),
    110,
    { amts: 66, amtEntries: 84, hamts: 151, hamtEntries: 2295, bitFields: 20 },
  ],
] as const;

describe.each(devnets)('%s', (name, { path, absent }, json, count, rebuilt) => {
  describe.skipIf(absent)(suiteName(`every state of ${name}`, absent), () => {
    let car: CarFile;
    let states: readonly StateTree[];
    let devnet: Devnet;
    beforeAll(async () => {
      car = await readCar(path);
      states = statesOf(car);
      devnet = JSON.parse(gunzipSync(readFileSync(json.path)).toString('utf8')) as Devnet;
    });

    test('is of the layouts of actors v18, and of the power its node gave', () => {
      expect(states).toHaveLength(count);
      for (const tree of states) {
        const power = readPower(tree);
        expect(tree.version).toBe(5);
        expect(power).toMatchObject({
          actorsVersion: 18,
          totalQualityAdjPower: BigInt(devnet.totalPower.QualityAdjPower),
          totalRawBytePower: BigInt(devnet.totalPower.RawBytePower),
          minerCount: BigInt(Object.keys(devnet.miners).length),
        });
        for (const [miner, { power: own }] of Object.entries(devnet.miners)) {
          expect(claimOf(power, idOf(parseAddress(miner)))).toEqual({ rawBytePower: BigInt(own.RawBytePower), qualityAdjPower: BigInt(own.QualityAdjPower) });
        }
        expect(networkName(tree)).toBe(name);
      }
    });

    test('has the workers and keys its node gave, and every tenth its proving sets', () => {
      for (const [i, tree] of states.entries()) {
        for (const [text, expected] of Object.entries(devnet.miners)) {
          const miner = minerOf(tree, idOf(parseAddress(text)));
          const { info } = miner;
          expect(formatAddress(info.owner, 't')).toBe(expected.owner);
          expect(formatAddress(info.worker, 't')).toBe(expected.worker);
          const key = keyAddress(tree, idOf(info.worker)) ?? expect.fail('no key');
          expect(formatAddress(key, 't')).toBe(expected.workerKey);
          expect(resolveAddress(tree, key)).toBe(idOf(info.worker));
          expect(info).toMatchObject({ proof: { of: 'windowPoSt', type: expected.windowPoStProofType }, consensusFaultElapsed: -1 });
          expect(info.sectorSize).toBe(BigInt(expected.sectorSize));
          expect(miner.feeDebt).toBe(0n);
          // 48 deadlines each: every tenth state will do.
          if (i % 10 === 0) expect([...bitFieldMembers(provingSet(miner, 28))].map(Number)).toEqual(expected.activeSectors.map(({ number }) => number));
        }
      }
    });

    test('has the sectors its node gave', () => {
      const last = states.at(-1) ?? expect.fail();
      for (const [text, { activeSectors }] of Object.entries(devnet.miners)) {
        for (const { number, sealProof, sealedCID } of activeSectors) {
          expect(sectorOf(minerOf(last, idOf(parseAddress(text))), BigInt(number))).toEqual({
            number: BigInt(number),
            sealProof,
            sealedCid: parseCid(sealedCID),
          });
        }
      }
    });

    test('names its actors: the manifest agrees with the codes known here', () => {
      const tree = states[0] ?? expect.fail();
      const names = builtinActorNames(tree);
      expect([...names.values()].sort()).toEqual(
        ['system', 'init', 'cron', 'account', 'storagepower', 'storageminer', 'storagemarket', 'paymentchannel', 'multisig', 'reward']
          .concat(['verifiedregistry', 'datacap', 'placeholder', 'evm', 'eam', 'ethaccount'])
          .sort(),
      );
      const seen = [0n, 1n, 2n, 3n, 4n, 5n, 6n, 7n, 10n, 99n, 1000n].map((id) => actorName(tree, getActor(tree, id) ?? expect.fail(`no actor ${id}`)));
      expect(seen).toEqual([
        'system',
        'init',
        'reward',
        'cron',
        'storagepower',
        'storagemarket',
        'verifiedregistry',
        'datacap',
        'eam',
        'account',
        'storageminer',
      ]);
      expect(formatAddress(idAddress(4))).toBe('f04');
    });

    test('every HAMT, AMT and bit field of the file is what its content builds', () => {
      expect(rebuildAll(car)).toEqual(rebuilt);
    });
  });
});
