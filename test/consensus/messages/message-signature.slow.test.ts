/** Every secp256k1 signature of two real chains. */

import { describe, expect, it } from 'vitest';
import { signatureRefusal } from '../../../src/consensus/messages/message-signature.ts';
import { nobleBls, recoverSecp256k1 } from '../../../src/consensus/signatures/noble.ts';
import { devnet2k, mainnetEpochs0To39, type RecordedChain, signedMessageOf } from '../../recorded-chains.ts';
import { sharedData, suiteName } from '../../shared-data.ts';

const tools = { bls: nobleBls(), recoverSecp256k1 };

/** Every signed message once, as its sender's; and, changed in its nonce, as nobody's. */
function verifiesAll(chain: RecordedChain): number {
  const seen = new Set<string>();
  for (const { secpkCids } of chain.blocks) {
    for (const cid of secpkCids) {
      if (seen.has(cid.toString())) continue;
      seen.add(cid.toString());
      const signed = signedMessageOf(chain, cid);
      expect(signatureRefusal(signed, signed.message.from, 314n, tools)).toBeNull();
      if (seen.size % 20 !== 0) continue;
      const other = { ...signed, message: { ...signed.message, nonce: signed.message.nonce + 1n } };
      expect(signatureRefusal(other, signed.message.from, 314n, tools)?.rule).toBe('signature');
    }
  }
  return seen.size;
}

describe('secp256k1 messages of real chains', () => {
  it('devnet-2k: 320 inclusions of unique messages verify', async () => {
    const devnet = await devnet2k();
    const unique = new Set(devnet.blocks.flatMap(({ secpkCids }) => secpkCids.map(String)));
    expect(devnet.blocks.reduce((count, { secpkCids }) => count + secpkCids.length, 0)).toBe(320);
    expect(verifiesAll(devnet)).toBe(unique.size);
  });

  const { path, absent } = sharedData('mainnet/epochs-0-39.json');
  it.skipIf(absent)(suiteName('mainnet 0-39: 206 unique messages verify', absent), () => {
    expect(verifiesAll(mainnetEpochs0To39(path))).toBe(206);
  });
});
