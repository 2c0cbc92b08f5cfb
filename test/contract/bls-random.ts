/**
 * Random calls of every kind, the same for the same seed: what one make answers the other must answer, bytes and
 * refusals alike.
 */

import { createHash } from 'node:crypto';
import type { Bls, SignedDigest } from '../../src/consensus/signatures/bls.ts';
import { hostileG1, hostileG2 } from './bls-points.ts';

export interface RandomCase {
  readonly kind: string;
  /** Bytes in hexadecimal, a verdict, or the code of a refusal. */
  readonly answer: (bls: Bls) => string;
}

/** Bytes and numbers from SHA-256 of a seed and a counter. */
export class Dice {
  private readonly seed: string;
  private count = 0;

  constructor(seed: string) {
    this.seed = seed;
  }

  bytes(length: number): Uint8Array {
    const found = new Uint8Array(length);
    for (let at = 0; at < length; at += 32) {
      const hash = createHash('sha256')
        .update(`${this.seed}/${this.count++}`)
        .digest();
      found.set(hash.subarray(0, Math.min(32, length - at)), at);
    }
    return found;
  }

  below(bound: number): number {
    return Buffer.from(this.bytes(6)).readUIntBE(0, 6) % bound;
  }

  of<T>(choices: readonly T[]): T {
    return choices[this.below(choices.length)] as T;
  }
}

/**
 * `count` cases. `maker` only makes the material (keys and good signatures), so that the slow make need not. The shares
 * are chosen so that 10,000 cost the JavaScript make about a minute: hashing to the curve is what takes it long.
 */
export function* randomCases(seed: string, count: number, maker: Bls): Generator<RandomCase> {
  const dice = new Dice(seed);
  const keys = Array.from({ length: 16 }, () => maker.keygen(dice.bytes(32)));
  const material: Material = { dice, maker, keys, points: [...hostileG1(), ...hostileG2()].map(({ bytes }) => bytes) };
  for (let i = 0; i < count; i++) {
    const { name, make } = dice.of(tickets);
    yield { kind: name, answer: spoken(make(material)) };
  }
}

interface Material {
  readonly dice: Dice;
  readonly maker: Bls;
  readonly keys: readonly Uint8Array[];
  readonly points: readonly Uint8Array[];
}

type Answer = (bls: Bls) => Uint8Array | boolean;

const kinds: readonly { readonly name: string; readonly share: number; readonly make: (material: Material) => Answer }[] = [
  { name: 'keygen', share: 80, make: ({ dice }) => keygen(dice.bytes(24 + dice.below(60))) },
  { name: 'public key', share: 120, make: ({ dice }) => publicKey(dice.bytes(dice.of([31, 32, 32, 32, 33]))) },
  { name: 'public key in G2', share: 30, make: ({ dice }) => publicKeyG2(dice.bytes(32)) },
  { name: 'sign', share: 45, make: ({ dice, keys }) => sign(dice.of(keys), dice.bytes(dice.below(200))) },
  { name: 'sign with random bytes as key', share: 25, make: ({ dice }) => sign(dice.bytes(32), dice.bytes(8)) },
  { name: 'sign in G1', share: 20, make: ({ dice, keys }) => signG1(dice.of(keys), dice.bytes(dice.below(200))) },
  { name: 'verify, good', share: 35, make: (material) => verify(good(material)) },
  { name: 'verify, another message', share: 12, make: (material) => verify({ ...good(material), message: material.dice.bytes(9) }) },
  {
    name: 'verify, another key',
    share: 12,
    make: (material) => verify({ ...good(material), publicKey: material.maker.publicKey(material.dice.of(material.keys)) }),
  },
  { name: 'verify, signature with a bit flipped', share: 150, make: (material) => verify(mutated(material, 'signature')) },
  { name: 'verify, key with a bit flipped', share: 120, make: (material) => verify(mutated(material, 'publicKey')) },
  { name: 'verify, random bytes as points', share: 80, make: ({ dice }) => verify(noise(dice)) },
  { name: 'verify, hostile point as key', share: 60, make: (material) => verify({ ...good(material), publicKey: material.dice.of(material.points) }) },
  { name: 'verify, hostile point as signature', share: 60, make: (material) => verify({ ...good(material), signature: material.dice.of(material.points) }) },
  { name: 'verify in G1, good', share: 12, make: (material) => verifyG1(goodG1(material)) },
  {
    name: 'verify in G1, hostile point',
    share: 50,
    make: (material) => verifyG1({ ...goodG1(material), [material.dice.of(fields)]: material.dice.of(material.points) }),
  },
  { name: 'batch', share: 6, make: (material) => batch(material) },
  { name: 'aggregate', share: 40, make: (material) => aggregate(material) },
  { name: 'aggregate verify', share: 6, make: (material) => aggregateVerify(material) },
];

/** Each kind as often as its share says. */
const tickets = kinds.flatMap((kind) => new Array<typeof kind>(kind.share).fill(kind));
const fields = ['publicKey', 'signature'] as const;

function keygen(seed: Uint8Array): Answer {
  return (bls) => bls.keygen(seed);
}

function publicKey(key: Uint8Array): Answer {
  return (bls) => bls.publicKey(key);
}

function publicKeyG2(key: Uint8Array): Answer {
  return (bls) => bls.publicKeyG2(key);
}

function sign(key: Uint8Array, message: Uint8Array): Answer {
  return (bls) => bls.sign(key, message);
}

function signG1(key: Uint8Array, message: Uint8Array): Answer {
  return (bls) => bls.signG1(key, message);
}

function verify(signed: SignedDigest): Answer {
  return (bls) => bls.verify(signed);
}

function verifyG1(signed: SignedDigest): Answer {
  return (bls) => bls.verifyG1(signed);
}

/** One to three, the last of them bad in half of the cases. */
function batch(material: Material): Answer {
  const signed = Array.from({ length: 1 + material.dice.below(3) }, () => good(material));
  const all = material.dice.below(2) === 0 ? signed : [...signed.slice(1), mutated(material, material.dice.of(fields))];
  return (bls) => bls.verifyBatch(all);
}

/** None to five signatures; in a tenth of the cases one is hostile. */
function aggregate(material: Material): Answer {
  const signatures = Array.from({ length: material.dice.below(6) }, () => good(material).signature);
  const all = material.dice.below(10) === 0 ? [...signatures, material.dice.of(material.points)] : signatures;
  return (bls) => bls.aggregate(all);
}

function aggregateVerify(material: Material): Answer {
  const signed = Array.from({ length: 1 + material.dice.below(3) }, () => good(material));
  const sum = material.maker.aggregate(signed.map(({ signature }) => signature));
  const wrong = material.dice.below(2) === 0 ? signed : signed.map((one) => ({ ...one, message: material.dice.bytes(5) }));
  return (bls) =>
    bls.aggregateVerify(
      wrong.map((one) => one.publicKey),
      wrong.map((one) => one.message),
      sum,
    );
}

function good({ dice, maker, keys }: Material): SignedDigest {
  const key = dice.of(keys);
  const message = dice.bytes(dice.below(100));
  return { publicKey: maker.publicKey(key), message, signature: maker.sign(key, message) };
}

function goodG1({ dice, maker, keys }: Material): SignedDigest {
  const key = dice.of(keys);
  const message = dice.bytes(dice.below(100));
  return { publicKey: maker.publicKeyG2(key), message, signature: maker.signG1(key, message) };
}

function mutated(material: Material, field: 'publicKey' | 'signature'): SignedDigest {
  const signed = good(material);
  const at = material.dice.below(signed[field].length);
  return { ...signed, [field]: signed[field].with(at, (signed[field][at] ?? 0) ^ (1 << material.dice.below(8))) };
}

/** Of any length, most often the right one, with the flag of a compressed point. */
function noise(dice: Dice): SignedDigest {
  const point = (length: number) => {
    const bytes = dice.bytes(dice.below(4) === 0 ? dice.below(120) : length);
    return bytes.length === 0 ? bytes : bytes.with(0, ((bytes[0] ?? 0) & 0x3f) | 0x80);
  };
  return { publicKey: point(48), message: dice.bytes(dice.below(60)), signature: point(96) };
}

function spoken(answer: Answer): (bls: Bls) => string {
  return (bls) => {
    try {
      const said = answer(bls);
      return typeof said === 'boolean' ? String(said) : Buffer.from(said).toString('hex');
    } catch (error) {
      return error instanceof Error && 'code' in error ? `refused: ${error.code}: ${error.message}` : `crashed: ${error}`;
    }
  };
}
