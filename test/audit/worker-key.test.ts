/**
 * The reverse of an audit: every VRF and every block signature of two devnets made from their workers' keys, byte-equal
 * to the header.
 */

import { beforeAll, describe, expect, it } from 'vitest';
import { loadBls } from '../../native/bls.ts';
import { walkChain } from '../../src/audit/chain/chain-table.ts';
import { tableView } from '../../src/audit/chain/table-view.ts';
import { type BlockHeader, signingBytes } from '../../src/chain/block-header.ts';
import { toHex } from '../../src/chain/encoding/bytes.ts';
import { SIGNATURE_BLS } from '../../src/chain/signature.ts';
import { firstBlock, minTicket } from '../../src/chain/tipset.ts';
import type { NetworkParams } from '../../src/consensus/network/network.ts';
import type { ChainView } from '../../src/consensus/validation/chain-view.ts';
import { electionVrfInput, ticketVrfInput } from '../../src/consensus/vrf.ts';
import { type CarFile, headersOf, readCar } from '../chain/state/car-file.ts';
import { sharedData, suiteName } from '../shared-data.ts';
import { isFast } from './fixtures/audit-run.ts';
import { DEVNET_CAR, DEVNET_NETWORK, networkOf, REALPOST_NETWORK, type WorkerKeys, workerKeys } from './fixtures/devnet.ts';

const here = (path: string) => ({ path, absent: false as const });
const devnets = [
  ['devnet-2k', here(DEVNET_CAR), here('test/cassette/devnet-worker-key.json'), DEVNET_NETWORK, 581],
  [
    'devnet-2k-realpost',
    sharedData('cassette/realpost/devnet-2k-realpost.car.gz'),
    sharedData('cassette/realpost/devnet-worker-key.json'),
    REALPOST_NETWORK,
    118,
  ],
] as const;

/** In JavaScript signing takes milliseconds: every tenth block must do. */
const every = isFast ? 1 : 10;

describe.each(devnets)('%s', (name, { path, absent }, keyFile, network, count) => {
  const title = every === 1 ? `all blocks of ${name}` : `every ${every}th block of ${name}, as BLS runs in JavaScript`;

  describe.skipIf(absent)(suiteName(title, absent), () => {
    const { bls } = loadBls();
    let headers: readonly BlockHeader[];
    let keys: WorkerKeys;
    let view: ChainView;
    let params: NetworkParams;
    beforeAll(async () => {
      const car: CarFile = await readCar(path);
      const all = headersOf(car).filter(({ height }) => height > 0);
      expect(all).toHaveLength(count);
      headers = all.filter((_, i) => i % every === 0);
      keys = workerKeys(keyFile.path);
      view = tableView(car.get, walkChain(car.get, car.roots).table);
      params = networkOf(network);
    });

    const hex = (bytes: Uint8Array | undefined) => (bytes === undefined ? 'none' : toHex(bytes));

    /** The latest beacon entry before a block that brings none of its own. */
    function randomnessOf(header: BlockHeader): Uint8Array {
      const [own] = header.beaconEntries.slice(-1);
      return own === undefined ? randomnessOf(firstBlock(view.tipset(header.parents))) : own.data;
    }

    it('every election proof', () => {
      for (const header of headers) {
        const input = electionVrfInput(randomnessOf(header), header.height, header.miner);
        expect(hex(header.electionProof?.vrfProof)).toBe(hex(bls.sign(keys.of(header.miner), input)));
      }
    });

    it('every ticket', () => {
      for (const header of headers) {
        const input = ticketVrfInput(params, randomnessOf(header), header.height, header.miner, minTicket(view.tipset(header.parents)));
        expect(hex(header.ticket?.vrfProof)).toBe(hex(bls.sign(keys.of(header.miner), input)));
      }
    });

    it('every block signature', () => {
      for (const header of headers) {
        expect(header.blockSig?.type).toBe(SIGNATURE_BLS);
        expect(hex(header.blockSig?.data)).toBe(hex(bls.sign(keys.of(header.miner), signingBytes(header))));
      }
    });
  });
});
