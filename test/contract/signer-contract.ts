/** What every make of the signer port holds: src/ports/signer.ts in tests. */

import { describe, expect, it } from 'vitest';
import { loadBls } from '../../native/bls.ts';
import { type Address, idAddress, secp256k1Address } from '../../src/chain/address.ts';
import { signerAnswers } from '../../src/effects/answers/signer.ts';
import type { Signer } from '../../src/ports/signer.ts';
import { expectEnded, expectFailure, NEVER } from './port-failure.ts';

export interface SignerRig {
  readonly signer: Signer;
  /** BLS keys that it holds, `f3…`; two at least. */
  readonly keys: readonly Address[];
  /** One that it does not hold. */
  readonly absent: Address;
}

const { bls } = loadBls();
/** Draws as they are signed: 32 bytes. */
const DRAWS = [0x00, 0x5a, 0xff].map((byte) => new Uint8Array(32).fill(byte));

const isOf = ({ payload }: Address, message: Uint8Array, signature: Uint8Array): boolean => bls.verify({ publicKey: payload, message, signature });

export function signerContract(name: string, make: () => SignerRig | Promise<SignerRig>): void {
  describe(`the ${name} signer`, () => {
    it('signs a draw in the form of the port, and so that it verifies under the key that was asked for', async () => {
      const { signer, keys } = await make();
      for (const key of keys) {
        for (const draw of DRAWS) {
          const signature = signerAnswers.signVrf(await signer.signVrf(key, draw, NEVER), 'signVrf');
          expect(keys.filter((other) => isOf(other, draw, signature))).toEqual([key]);
        }
      }
    });

    it('gives the same bytes whenever the same is asked', async () => {
      const { signer, keys } = await make();
      const [key] = keys as [Address];
      const first = await signer.signVrf(key, DRAWS[1] as Uint8Array, NEVER);
      await signer.signVrf(key, DRAWS[0] as Uint8Array, NEVER);
      expect(await signer.signVrf(key, DRAWS[1] as Uint8Array, NEVER)).toEqual(first);
      const again = await make();
      expect(await again.signer.signVrf(key, DRAWS[1] as Uint8Array, NEVER)).toEqual(first);
    });

    it('answers many questions at once, each with its own signature', async () => {
      const { signer, keys } = await make();
      const asked = keys.flatMap((key) => DRAWS.map((draw) => ({ key, draw })));
      const signatures = await Promise.all(asked.map(({ key, draw }) => signer.signVrf(key, draw, NEVER)));
      expect(asked.map(({ key, draw }, i) => isOf(key, draw, signatures[i] as Uint8Array))).toEqual(asked.map(() => true));
    });

    it('leaves the bytes of who asks alone, before and after it answered', async () => {
      const { signer, keys } = await make();
      const [key] = keys as [Address];
      const draw = Uint8Array.from(DRAWS[1] as Uint8Array);
      const first = await signer.signVrf(key, draw, NEVER);
      expect(draw).toEqual(DRAWS[1]);
      const kept = Uint8Array.from(first);
      first.fill(0);
      expect(await signer.signVrf(key, draw, NEVER)).toEqual(kept);
    });

    it('refuses for good a key that it does not hold, of any kind', async () => {
      const { signer, absent } = await make();
      for (const key of [absent, secp256k1Address(new Uint8Array(65).fill(4)), idAddress(1000)])
        await expectFailure(signer.signVrf(key, DRAWS[0] as Uint8Array, NEVER), { code: 'SIGNER_KEY_MISSING', retryable: false });
    });

    it('signs nothing for a signal that is aborted', async () => {
      const { signer, keys } = await make();
      await expectEnded((signal) => signer.signVrf(keys[0] as Address, DRAWS[0] as Uint8Array, signal));
    });
  });
}
