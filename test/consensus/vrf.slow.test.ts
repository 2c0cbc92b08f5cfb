/**
 * Every election proof, ticket and block signature of two real devnets, made again with their workers' keys:
 * byte-equal.
 */

import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { loadBls } from '../../native/bls.ts';
import { formatAddress } from '../../src/chain/address.ts';
import { type BlockHeader, blockHeader, signingBytes } from '../../src/chain/block-header.ts';
import { fromHex, toHex } from '../../src/chain/encoding/bytes.ts';
import { decode } from '../../src/chain/encoding/codec.ts';
import { tipsetOf } from '../../src/chain/tipset.ts';
import { networkFromJson } from '../../src/consensus/network/network-file.ts';
import { electionVrfInput, ticketVrfInput } from '../../src/consensus/vrf.ts';
import { type CarFile, headersOf, readCar } from '../chain/state/car-file.ts';
import { sharedData, suiteName } from '../shared-data.ts';

const { bls } = loadBls();
const every = bls.name === 'native' ? 1 : 10;
const sampled = every === 1 ? '' : ', a tenth of them as BLS runs in JavaScript';

const here = (name: string) => new URL(`../cassette/${name}`, import.meta.url).pathname;
const realpost = sharedData('cassette/realpost');

const DEVNETS = [
  { name: 'devnet-2k', absent: false, car: here('devnet-2k.car.gz'), keyFile: here('devnet-worker-key.json'), mined: 581 },
  {
    name: 'devnet-2k-realpost',
    absent: realpost.absent,
    car: `${realpost.path}/devnet-2k-realpost.car.gz`,
    keyFile: `${realpost.path}/devnet-worker-key.json`,
    mined: 118,
  },
] as const;

for (const { name, absent, car: path, keyFile, mined } of DEVNETS) {
  describe.skipIf(absent)(suiteName(`the workers of ${name}`, absent), () => {
    let car: CarFile;
    let keys: Readonly<Record<string, { readonly privateKeyHexLittleEndian: string }>>;
    beforeAll(async () => {
      car = await readCar(path);
      keys = JSON.parse(readFileSync(keyFile, 'utf8')).keys;
    });

    function signedBy(header: BlockHeader, message: Uint8Array): string {
      const key = keys[formatAddress(header.miner, 't')] ?? expect.fail(`no key of ${formatAddress(header.miner)}`);
      return toHex(bls.sign(fromHex(key.privateKeyHexLittleEndian), message));
    }

    it(`signed every election proof, ticket and block of ${mined} blocks${sampled}`, () => {
      const params = networkFromJson(JSON.parse(readFileSync(here(`${name}.network.json`), 'utf8')));
      const headers = headersOf(car).filter(({ height }) => height > 0);
      expect(headers).toHaveLength(mined);
      for (const header of headers.filter((_, i) => i % every === 0)) {
        const { height, miner } = header;
        const rbase = header.beaconEntries.at(-1)?.data ?? expect.fail('no beacon entry');
        const base = header.parents.map((cid) => decode(blockHeader, car.get(cid) ?? expect.fail('no parent')));
        const leastTicket = tipsetOf(base).blocks[0]?.ticket ?? expect.fail('no ticket');
        expect(toHex(header.electionProof?.vrfProof ?? expect.fail('no proof'))).toBe(signedBy(header, electionVrfInput(rbase, height, miner)));
        expect(toHex(header.ticket?.vrfProof ?? expect.fail('no ticket'))).toBe(signedBy(header, ticketVrfInput(params, rbase, height, miner, leastTicket)));
        expect(toHex(header.blockSig?.data ?? expect.fail('not signed'))).toBe(signedBy(header, signingBytes(header)));
      }
    });
  });
}
