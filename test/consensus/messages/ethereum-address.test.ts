/** Ethereum addresses and Filecoin's. */

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { delegatedAddress, equalAddress, formatAddress, idAddress } from '../../../src/chain/address.ts';
import { fromHex, toHex } from '../../../src/chain/encoding/bytes.ts';
import { ethereumAccount, fromEthereumAddress, toEthereumAddress } from '../../../src/consensus/messages/ethereum-address.ts';
import * as arb from '../../arbitraries.ts';

const MASKED = delegatedAddress(10n, fromHex(`ff${'00'.repeat(11)}00000000000003ec`));

describe('Ethereum addresses', () => {
  it('come back from Filecoin’s', () => {
    fc.assert(
      fc.property(fc.oneof(arb.addressOfId, arb.addressOfEthereum), (address) => {
        const bytes = toEthereumAddress(address);
        if (bytes === null) return expect(equalAddress(fromEthereumAddress(new Uint8Array(20)), address)).toBe(false);
        expect(equalAddress(fromEthereumAddress(bytes), address)).toBe(true);
      }),
    );
    expect(toEthereumAddress(MASKED)).toBeNull();
  });

  it('mask ids (lotus eth_types.go; f01004 of its transaction tests)', () => {
    expect(toHex(toEthereumAddress(idAddress(1004)) as Uint8Array)).toBe('ff000000000000000000000000000000000003ec');
    expect(toHex(toEthereumAddress(idAddress((1n << 63n) - 1n)) as Uint8Array)).toBe('ff00000000000000000000007fffffffffffffff');
    expect(() => fromEthereumAddress(fromHex('ff0000000000000000000000ffffffffffffffff'))).toThrow(expect.objectContaining({ code: 'ADDRESS_INVALID' }));
  });

  it('are the end of a public key’s Keccak-256 (lotus TestEcRecover)', () => {
    const key = '048362749392a0e192eff600d21155236c5a0648d300a8e0e44d8617712c7c96384c75825dc5c7595df2a5005fd8a0f7c809119fb9ab36403ed712244fc329348e';
    const account = ethereumAccount(fromHex(key));
    expect(toHex(toEthereumAddress(account) as Uint8Array)).toBe('3947d223fc5415f43ea099866ab62b1d4d33814d');
    expect(formatAddress(account)).toMatch(/^f410f/);
  });

  it('are null for every other address', () => {
    fc.assert(
      fc.property(fc.oneof(arb.addressOfSecp256k1, arb.addressOfActor, arb.addressOfBls), (address) => {
        expect(toEthereumAddress(address)).toBeNull();
      }),
      { numRuns: 20 },
    );
  });
});
