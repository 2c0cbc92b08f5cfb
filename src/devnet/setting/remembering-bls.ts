/**
 * Signatures that need not be verified: those that were made here, and those that were verified before. Bounded, and
 * right whatever is asked: only a signature of just this key over just these bytes is known.
 */

import { concatBytes, joinBytes, toHex } from '../../chain/encoding/bytes.ts';
import { blake2b256 } from '../../chain/encoding/hash.ts';
import type { RecoverSecp256k1 } from '../../consensus/messages/message-signature.ts';
import type { Bls, SignedDigest } from '../../consensus/signatures/bls.ts';

/** Answers that are kept at most; as many again while the older half goes. */
const KEPT = 1 << 12;

interface Memory<T> {
  get(key: string): T | undefined;
  set(key: string, value: T): void;
}

const remembering = new WeakSet<Bls>();

/**
 * A {@link Bls} whose `verify`, `verifyG1` and `aggregateVerify` answer at once for what it signed, aggregated or
 * verified itself; one that remembers is as good as two.
 */
export function rememberingBls(bls: Bls, kept: number = KEPT): Bls {
  if (remembering.has(bls)) return bls;
  const made = remember(bls, kept);
  remembering.add(made);
  return made;
}

function remember(bls: Bls, kept: number): Bls {
  const verdicts = memory<boolean>(kept);
  const signers = memory<{ readonly publicKey: Uint8Array; readonly message: Uint8Array }>(kept);
  const publicKeys = memory<Uint8Array>(kept);
  /** By the signatures they are sums of: blocks of one epoch often have the same messages. */
  const sums = memory<Uint8Array>(kept);
  const keyOf = (privateKey: Uint8Array, of: (privateKey: Uint8Array) => Uint8Array): Uint8Array =>
    recall(publicKeys, toHex(blake2b256(concatBytes(privateKey, Uint8Array.of(of === bls.publicKey ? 1 : 2)))), () => of(privateKey));
  const signed = (privateKey: Uint8Array, message: Uint8Array, signature: Uint8Array, dst: string | undefined): Uint8Array => {
    const publicKey = keyOf(privateKey, bls.publicKey);
    verdicts.set(digestOf({ publicKey, message, signature }, dst), true);
    if (dst === undefined) signers.set(toHex(signature), { publicKey, message });
    return signature;
  };
  return {
    ...bls,
    publicKey: (privateKey) => keyOf(privateKey, bls.publicKey),
    sign: (privateKey, message, dst) => signed(privateKey, message, bls.sign(privateKey, message, dst), dst),
    signAsync: async (privateKey, message, dst) => signed(privateKey, message, await bls.signAsync(privateKey, message, dst), dst),
    verify: (one, dst) => recall(verdicts, digestOf(one, dst), () => bls.verify(one, dst)),
    verifyAsync: (one, dst) => recallAsync(verdicts, digestOf(one, dst), () => bls.verifyAsync(one, dst)),
    signG1(privateKey, message, dst) {
      const signature = bls.signG1(privateKey, message, dst);
      verdicts.set(digestOf({ publicKey: keyOf(privateKey, bls.publicKeyG2), message, signature }, dst), true);
      return signature;
    },
    verifyG1: (one, dst) => recall(verdicts, digestOf(one, dst), () => bls.verifyG1(one, dst)),
    verifyG1Async: (one, dst) => recallAsync(verdicts, digestOf(one, dst), () => bls.verifyG1Async(one, dst)),
    aggregate(signatures) {
      const list = digest('list', '', signatures);
      const made = sums.get(list);
      if (made !== undefined) return made.slice();
      const sum = bls.aggregate(signatures);
      sums.set(list, sum.slice());
      const parts = signatures.map((signature) => signers.get(toHex(signature)));
      const known = parts.filter((part) => part !== undefined);
      const distinct = new Set(known.map(({ message }) => toHex(message)));
      if (parts.length > 0 && distinct.size === parts.length) {
        const keys = known.map(({ publicKey }) => publicKey);
        const messages = known.map(({ message }) => message);
        verdicts.set(aggregateDigest(keys, messages, sum), true);
      }
      return sum;
    },
    aggregateVerify: (keys, messages, sum, dst) =>
      recall(verdicts, aggregateDigest(keys, messages, sum, dst), () => bls.aggregateVerify(keys, messages, sum, dst)),
    aggregateVerifyAsync: (keys, messages, sum, dst) =>
      recallAsync(verdicts, aggregateDigest(keys, messages, sum, dst), () => bls.aggregateVerifyAsync(keys, messages, sum, dst)),
  };
}

export interface RememberingRecovery {
  readonly recover: RecoverSecp256k1;
  /** The uncompressed key that has just signed this digest. */
  known(digest: Uint8Array, signature: Uint8Array, publicKey: Uint8Array): void;
}

export function rememberingRecovery(recover: RecoverSecp256k1, kept: number = KEPT): RememberingRecovery {
  const keys = memory<{ readonly key: Uint8Array | null }>(kept);
  const name = (digest: Uint8Array, signature: Uint8Array): string => toHex(concatBytes(digest, signature));
  return {
    recover: (digest, signature) => recall(keys, name(digest, signature), () => ({ key: recover(digest, signature) })).key,
    known: (digest, signature, key) => keys.set(name(digest, signature), { key }),
  };
}

function digestOf({ publicKey, message, signature }: SignedDigest, dst = ''): string {
  return digest('one', dst, [publicKey, message, signature]);
}

function aggregateDigest(keys: readonly Uint8Array[], messages: readonly Uint8Array[], sum: Uint8Array, dst = ''): string {
  return digest('sum', dst, [sum, ...keys, ...messages]);
}

/** Every part with its length, so that no two lists read alike. */
function digest(kind: string, dst: string, parts: readonly Uint8Array[]): string {
  return `${kind}${dst}${toHex(blake2b256(joinBytes(parts.flatMap((part) => [lengthOf(part), part]))))}`;
}

function lengthOf({ length }: Uint8Array): Uint8Array {
  return Uint8Array.of(length >> 24, length >> 16, length >> 8, length);
}

function recall<T>(known: Memory<T>, key: string, ask: () => T): T {
  const found = known.get(key);
  if (found !== undefined) return found;
  const answer = ask();
  known.set(key, answer);
  return answer;
}

async function recallAsync<T>(known: Memory<T>, key: string, ask: () => Promise<T>): Promise<T> {
  const found = known.get(key);
  if (found !== undefined) return found;
  const answer = await ask();
  known.set(key, answer);
  return answer;
}

/** Two halves: what is used in time stays. */
function memory<T>(kept: number): Memory<T> {
  let young = new Map<string, T>();
  let old = new Map<string, T>();
  const set = (key: string, value: T): void => {
    if (young.size >= kept) [old, young] = [young, new Map()];
    young.set(key, value);
  };
  return {
    get(key) {
      const found = young.get(key);
      if (found !== undefined) return found;
      const older = old.get(key);
      if (older !== undefined) set(key, older);
      return older;
    },
    set,
  };
}
