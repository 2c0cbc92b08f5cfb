/** What a block may include: every rule broken alone, at its edge, and messages that real networks took. */

import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Address, blsAddress, delegatedAddress, formatAddress, idAddress, parseAddress } from '../../../src/chain/address.ts';
import { chainLength, type Message } from '../../../src/chain/message.ts';
import { minimumGas } from '../../../src/consensus/messages/gas.ts';
import { type InclusionRule, inclusionRefusals, TOTAL_FILECOIN, ZERO_ADDRESS } from '../../../src/consensus/messages/message-validity.ts';
import { networkVersion } from '../../../src/consensus/network/network.ts';
import { MAINNET } from '../../../src/consensus/network/networks.ts';
import * as arb from '../../arbitraries.ts';
import { blsMessageOf, devnet2k, mainnetEpochs0To39, signedMessageOf } from '../../recorded-chains.ts';
import { sharedData, suiteName } from '../../shared-data.ts';

const GAS = 200_000n;

const GOOD: Message = {
  version: 0n,
  to: idAddress(1000),
  from: parseAddress('f1xcbgdhkgkwht3hrrnui3jdopeejsoatkzmoltqy'),
  nonce: 0n,
  value: 1n,
  gasLimit: 1_000_000n,
  gasFeeCap: 200n,
  gasPremium: 100n,
  method: 0n,
  params: Uint8Array.of(),
};

const ETHEREUM: Address = delegatedAddress(10n, new Uint8Array(20).fill(1));
const NEARLY_ZERO: Address = blsAddress(Uint8Array.from({ length: 48 }, (_, i) => (i === 0 ? 0xc0 : i === 47 ? 1 : 0)));

function broken(change: Partial<Message>, version = 28, gas = GAS): InclusionRule[] {
  return inclusionRefusals({ ...GOOD, ...change }, { networkVersion: version, minimumGas: gas }).map(({ rule }) => rule);
}

describe('inclusion', () => {
  it('has nothing against a good message, in any version', () => {
    for (let version = 0; version <= 29; version++) expect(broken({}, version)).toEqual([]);
  });

  it.each<[what: string, change: Partial<Message>, version: number, rules: InclusionRule[]]>([
    ['version 1', { version: 1n }, 28, ['version']],
    ['the zero address to, before version 7', { to: ZERO_ADDRESS }, 6, []],
    ['the zero address to, from version 7', { to: ZERO_ADDRESS }, 7, ['toZero']],
    ['the zero address to, today', { to: ZERO_ADDRESS }, 28, ['toZero']],
    ['the zero address from', { from: ZERO_ADDRESS }, 28, []],
    ['a key that is nearly zero', { to: NEARLY_ZERO }, 28, []],
    ['f4 to in version 17', { to: ETHEREUM }, 17, ['toProtocol']],
    ['f4 to in version 18', { to: ETHEREUM }, 18, []],
    ['f4 from in version 17', { from: ETHEREUM }, 17, ['fromProtocol']],
    ['f4 from in version 18', { from: ETHEREUM }, 18, []],
    ['no value', { value: 0n }, 28, []],
    ['a negative value', { value: -1n }, 28, ['value']],
    ['all FIL there is', { value: TOTAL_FILECOIN }, 28, []],
    ['one attoFIL more than there is', { value: TOTAL_FILECOIN + 1n }, 28, ['value']],
    ['no fees', { gasFeeCap: 0n, gasPremium: 0n }, 28, []],
    ['a negative fee cap, which any premium is above', { gasFeeCap: -1n, gasPremium: 0n }, 28, ['gasFeeCap', 'gasPremium']],
    ['a negative premium', { gasPremium: -1n }, 28, ['gasPremium']],
    ['a premium at the cap', { gasPremium: 200n }, 28, []],
    ['a premium above the cap', { gasPremium: 201n }, 28, ['gasPremium']],
    ['gas at the minimum', { gasLimit: GAS }, 28, []],
    ['gas below the minimum', { gasLimit: GAS - 1n }, 28, ['minimumGas']],
    ['gas at the block’s limit', { gasLimit: 10_000_000_000n }, 28, []],
    ['gas above the block’s limit', { gasLimit: 10_000_000_001n }, 28, ['gasLimit']],
    ['no gas', { gasLimit: 0n }, 28, ['gasLimit', 'minimumGas']],
    ['negative gas', { gasLimit: -1n }, 28, ['gasLimit', 'minimumGas']],
  ])('%s', (_, change, version, rules) => {
    expect(broken(change, version)).toEqual(rules);
  });

  it('asks for gas above zero even where the minimum does not', () => {
    expect(broken({ gasLimit: 0n }, 28, 0n)).toEqual(['gasLimit']);
  });

  it('says what it expected and what it found', () => {
    const [refusal] = inclusionRefusals({ ...GOOD, gasPremium: 201n }, { networkVersion: 28, minimumGas: GAS });
    expect(refusal).toEqual({ rule: 'gasPremium', expected: '0 to the fee cap of 200 attoFIL', found: '201' });
  });

  it('knows the zero address by its text (lotus build.ZeroAddress)', () => {
    expect(formatAddress(ZERO_ADDRESS)).toBe(`f3y${'a'.repeat(75)}by2smx7a`);
  });

  it('gives an answer, never an exception, for whatever bytes can spell', () => {
    fc.assert(
      fc.property(arb.anyMessage, fc.nat(30), fc.bigInt({ min: 0n, max: 1n << 40n }), (message, version, gas) => {
        for (const { expected, found } of inclusionRefusals(message, { networkVersion: version, minimumGas: gas })) expect(expected).not.toBe(found);
      }),
      { numRuns: 300 },
    );
  });

  it('refuses less with every version but for the zero address', () => {
    fc.assert(
      fc.property(arb.message, fc.nat(29), (message, version) => {
        const now = inclusionRefusals(message, { networkVersion: version, minimumGas: GAS }).map(({ rule }) => rule);
        const next = inclusionRefusals(message, { networkVersion: version + 1, minimumGas: GAS }).map(({ rule }) => rule);
        for (const rule of next) expect([...now, 'toZero']).toContain(rule);
      }),
    );
  });
});

describe('messages that real networks took', () => {
  it('devnet-2k: 652, none refused', async () => {
    const devnet = await devnet2k();
    const params = { upgrades: { ...MAINNET.upgrades, calico: -9, hygge: -21 } };
    for (const { header, blsCids, secpkCids } of devnet.blocks) {
      const gas = (length: number) => ({ networkVersion: 28, minimumGas: minimumGas(params, header.height, length) });
      for (const cid of blsCids) {
        const message = blsMessageOf(devnet, cid);
        expect(inclusionRefusals(message, gas(chainLength(message)))).toEqual([]);
      }
      for (const cid of secpkCids) {
        const signed = signedMessageOf(devnet, cid);
        expect(inclusionRefusals(signed.message, gas(chainLength(signed)))).toEqual([]);
      }
    }
  });

  const { path, absent } = sharedData('mainnet/epochs-0-39.json');
  it.skipIf(absent)(suiteName('mainnet 0-39: 585 inclusions, none refused', absent), () => {
    const mainnet = mainnetEpochs0To39(path);
    for (const { header, blsCids, secpkCids } of mainnet.blocks) {
      const version = networkVersion(MAINNET, header.height);
      const context = (length: number) => ({ networkVersion: version, minimumGas: minimumGas(MAINNET, header.height, length) });
      for (const cid of blsCids) expect(inclusionRefusals(blsMessageOf(mainnet, cid), context(chainLength(blsMessageOf(mainnet, cid))))).toEqual([]);
      for (const cid of secpkCids) {
        const signed = signedMessageOf(mainnet, cid);
        expect(inclusionRefusals(signed.message, context(chainLength(signed)))).toEqual([]);
      }
    }
  });

  const included = sharedData('mainnet/mpool/included_591819.json.gz');
  it.skipIf(included.absent)(suiteName('mainnet 591819: all of four full blocks, none refused', included.absent), () => {
    interface Included {
      readonly size: number;
      readonly version: number;
      readonly to: string;
      readonly from: string;
      readonly value: string;
      readonly gasLimit: number;
      readonly gasFeeCap: string;
      readonly gasPremium: string;
    }
    const blocks = JSON.parse(gunzipSync(readFileSync(included.path)).toString()) as readonly {
      readonly blsMessages: readonly Included[];
      readonly secpMessages: readonly Included[];
    }[];
    const messages = blocks.flatMap(({ blsMessages, secpMessages }) => [...blsMessages, ...secpMessages]);
    const networkVersionThen = networkVersion(MAINNET, 591_819);
    for (const { size, version, to, from, value, gasLimit, gasFeeCap, gasPremium } of messages) {
      const message: Message = {
        ...GOOD,
        version: BigInt(version),
        to: parseAddress(to),
        from: parseAddress(from),
        value: BigInt(value),
        gasLimit: BigInt(gasLimit),
        gasFeeCap: BigInt(gasFeeCap),
        gasPremium: BigInt(gasPremium),
      };
      expect(inclusionRefusals(message, { networkVersion: networkVersionThen, minimumGas: minimumGas(MAINNET, 591_819, size) })).toEqual([]);
    }
    expect(messages.length).toBeGreaterThan(500);
  });
});
