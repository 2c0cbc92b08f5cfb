/**
 * What an audit computes most of beside BLS: by the addon where it has it and gives the known answers, else in
 * JavaScript.
 */

import { fromHex, toHex } from '../src/chain/encoding/bytes.ts';
import { blake2b256 } from '../src/chain/encoding/hash.ts';
import type { RecoverSecp256k1 } from '../src/consensus/messages/message-signature.ts';
import { recoverSecp256k1 } from '../src/consensus/signatures/noble.ts';
import type { BlsAddon } from './bls-addon.ts';
import { blamed } from './bls-addon.ts';

export interface Beside {
  /** 32 bytes. */
  readonly blake2b256: (bytes: Uint8Array) => Uint8Array;
  readonly recoverSecp256k1: RecoverSecp256k1;
}

export const IN_JAVASCRIPT: Beside = { blake2b256, recoverSecp256k1 };

/** Throws where the addon answers otherwise than it must. What it has not is done in JavaScript. */
export function besideOf(addon: BlsAddon): Beside {
  const beside: Beside = {
    blake2b256: addon.blake2b256 === undefined ? blake2b256 : (bytes) => blamed(() => (addon.blake2b256 as typeof blake2b256)(bytes)),
    recoverSecp256k1:
      addon.recoverSecp256k1 === undefined
        ? recoverSecp256k1
        : (digest, signature) => blamed(() => (addon.recoverSecp256k1 as RecoverSecp256k1)(digest, signature)) ?? null,
  };
  checkBeside(beside);
  return beside;
}

/**
 * RFC 7693's «abc» for 32 bytes instead of 64, as b2sum -l 256 prints it; go-ethereum's signature
 * (crypto/signature_test.go).
 */
const KNOWN = {
  message: new TextEncoder().encode('abc'),
  hash: 'bddd813c634239723171ef3fee98579b94964e3bb1cb3e427262c8c068d52319',
  digest: fromHex('ce0677bb30baa8cf067c88db9811f4333d131bf8bcf12fe7065d211dce971008'),
  signature: fromHex('90f27b8b488db00b00606796d2987f6a5f59ae62ea05effe84fef5b8b0e549984a691139ad57a3f0b906637673aa2f63d1f55cb1a69199d4009eea23ceaddc9301'),
  key: '04e32df42865e97135acfb65f3bae71bdc86f4d49150ad6a440b6f15878109880a0a2b2667f7e725ceea70c673093bf67663e0312623c8e091b13cf2c0f11ef652',
};

/** Throws at the first difference. */
export function checkBeside(beside: Beside): void {
  const { message, hash, digest, signature, key } = KNOWN;
  expect('blake2b', toHex(beside.blake2b256(message)), hash);
  expect('key behind a signature', toHex(beside.recoverSecp256k1(digest, signature) ?? new Uint8Array()), key);
  expect('key behind no signature', String(beside.recoverSecp256k1(digest, signature.with(64, 4))), 'null');
}

function expect(what: string, found: string, expected: string): void {
  if (found !== expected) throw new Error(`known answer, ${what}: expected ${expected}, got ${found}`);
}
