/**
 * Points that no verifier may take: on the curve and outside the subgroup, off the curve, in a wrong form. Made here,
 * so that nobody need believe a constant.
 */

import { bls12_381 } from '@noble/curves/bls12-381.js';

const { Fp, Fp2, Fr } = bls12_381.fields;
const G1 = bls12_381.G1.Point;
const G2 = bls12_381.G2.Point;
type G1Point = InstanceType<typeof G1>;
type G2Point = InstanceType<typeof G2>;

/** Points of the twist for each of the group: 13, 23 and other small numbers divide it (RFC 9380 8.8.2). */
const COFACTOR_G2 = 0x5d543a95414e7f1091d50792876a202cd91de4547085abaa68a205b2e5a7ddfa628f1cb4d9e82ef21537e293a6691ae1616ec6e786f0c70cf1c38e31c7238e5n;

export const INFINITY_G1 = form('c0', 48);
export const INFINITY_G2 = form('c0', 96);

/** A string that is no point of the group, and what is wrong with it. */
export interface HostilePoint {
  readonly what: string;
  readonly bytes: Uint8Array;
}

/** (0, 2) has order 3: the smallest subgroup on the curve of G1. */
const order3: G1Point = G1.fromAffine({ x: 0n, y: 2n });

/**
 * A point of G2's curve whose order has no factor in common with the group's: adding it leaves every pairing as it is.
 */
const torsionG2: G2Point = timesOrder(pointOfTwist(1n));

/**
 * `bytes` plus a point of small or foreign order: the pairing cannot tell the difference, only a subgroup check can.
 */
export function besideG1(bytes: Uint8Array): Uint8Array {
  return compressedG1(G1.fromBytes(bytes).add(order3));
}

/**
 * With an `order` a point of just that order, whose square divides the cofactor, or its negation: those of two
 * signatures can cancel.
 */
export function besideG2(bytes: Uint8Array, order?: bigint, isNegated = false): Uint8Array {
  const torsion = order === undefined ? torsionG2 : multiple(torsionG2, COFACTOR_G2 / order ** 2n);
  return compressedG2(G2.fromBytes(bytes).add(isNegated ? torsion.negate() : torsion));
}

/** 48 bytes each. */
export function hostileG1(): HostilePoint[] {
  const offCurve = [1n, 2n, 3n, 4n, 5n, 6n, 7n, 8n].find((x) => !isSquare(x * x * x + 4n)) ?? 0n;
  return [
    { what: 'point of order 3', bytes: compressedG1(order3) },
    { what: 'point outside the subgroup', bytes: compressedG1(G1.fromAffine(pointOfCurve(4n))) },
    { what: 'x without a point', bytes: withFlags(big(offCurve), 0x80) },
    { what: 'x above the field', bytes: withFlags(big(Fp.ORDER + 4n), 0x80) },
    { what: 'x of all ones', bytes: withFlags(new Uint8Array(48).fill(0xff), 0xa0) },
    { what: 'infinity with a sign', bytes: form('e0', 48) },
    { what: 'infinity with a rest', bytes: form('c0', 48, 1) },
    { what: 'infinity without the compression flag', bytes: form('40', 48) },
    { what: 'no flags', bytes: withFlags(big(G1.BASE.toAffine().x), 0) },
    { what: 'zeros', bytes: new Uint8Array(48) },
    { what: 'a compressed point cut', bytes: G1.BASE.toBytes(true).subarray(1) },
    { what: 'an uncompressed point', bytes: G1.BASE.toBytes(false) },
    { what: 'a point of G2', bytes: G2.BASE.toBytes(true) },
    { what: 'one byte more', bytes: Uint8Array.from([...G1.BASE.toBytes(true), 0]) },
    { what: 'nothing', bytes: new Uint8Array() },
  ];
}

/** 96 bytes each. */
export function hostileG2(): HostilePoint[] {
  return [
    { what: 'point of foreign order', bytes: compressedG2(torsionG2) },
    { what: 'point outside the subgroup', bytes: compressedG2(pointOfTwist(5n)) },
    { what: 'x without a point', bytes: withFlags(Uint8Array.from([...big(0n), ...big(emptyXOfTwist())]), 0x80) },
    { what: 'x above the field', bytes: withFlags(Uint8Array.from([...big(Fp.ORDER), ...big(5n)]), 0x80) },
    { what: 'second half above the field', bytes: withFlags(Uint8Array.from([...big(0n), ...big(Fp.ORDER + 5n)]), 0x80) },
    { what: 'x of all ones', bytes: withFlags(new Uint8Array(96).fill(0xff), 0xa0) },
    { what: 'infinity with a sign', bytes: form('e0', 96) },
    { what: 'infinity with a rest', bytes: form('c0', 96, 1) },
    { what: 'infinity without the compression flag', bytes: form('40', 96) },
    { what: 'zeros', bytes: new Uint8Array(96) },
    { what: 'a compressed point cut', bytes: G2.BASE.toBytes(true).subarray(1) },
    { what: 'an uncompressed point', bytes: G2.BASE.toBytes(false) },
    { what: 'a point of G1, uncompressed', bytes: G1.BASE.toBytes(false) },
    { what: 'a point of G1', bytes: G1.BASE.toBytes(true) },
    { what: 'nothing', bytes: new Uint8Array() },
  ];
}

/** The other root: the same x with the other y. */
export function negated(bytes: Uint8Array): Uint8Array {
  return bytes.with(0, (bytes[0] ?? 0) ^ 0x20);
}

function pointOfCurve(from: bigint): { x: bigint; y: bigint } {
  for (let x = from; ; x++) if (isSquare(x * x * x + 4n)) return { x, y: Fp.sqrt(Fp.create(x * x * x + 4n)) };
}

function pointOfTwist(from: bigint): G2Point {
  for (let c0 = from; ; c0++) {
    const x = Fp2.fromBigTuple([c0, 0n]);
    const square = squareOfTwist(x);
    if (isSquareOfTwist(square)) return G2.fromAffine({ x, y: Fp2.sqrt(square) });
  }
}

function emptyXOfTwist(): bigint {
  for (let c0 = 1n; ; c0++) if (!isSquareOfTwist(squareOfTwist(Fp2.fromBigTuple([c0, 0n])))) return c0;
}

function squareOfTwist(x: ReturnType<typeof Fp2.fromBigTuple>): ReturnType<typeof Fp2.fromBigTuple> {
  return Fp2.add(Fp2.mul(Fp2.sqr(x), x), Fp2.fromBigTuple([4n, 4n]));
}

function isSquare(value: bigint): boolean {
  return Fp.eql(Fp.pow(Fp.create(value), (Fp.ORDER - 1n) / 2n), Fp.ONE);
}

/** By the norm, which is a square of the field below exactly for squares. */
function isSquareOfTwist({ c0, c1 }: { readonly c0: bigint; readonly c1: bigint }): boolean {
  return isSquare(c0 * c0 + c1 * c1);
}

/** By doubling and adding: noble takes no factor above the group's order. */
function multiple(point: G2Point, factor: bigint): G2Point {
  let sum = G2.ZERO;
  for (const bit of factor.toString(2)) sum = bit === '1' ? sum.double().add(point) : sum.double();
  return sum;
}

function timesOrder(point: G2Point): G2Point {
  return point.multiplyUnsafe(Fr.ORDER - 1n).add(point);
}

function compressedG1(point: G1Point): Uint8Array {
  const { x, y } = point.toAffine();
  return withFlags(big(x), 2n * y > Fp.ORDER ? 0xa0 : 0x80);
}

function compressedG2(point: G2Point): Uint8Array {
  const { x, y } = point.toAffine();
  const high = y.c1 === 0n ? y.c0 : y.c1;
  return withFlags(Uint8Array.from([...big(x.c1), ...big(x.c0)]), 2n * high > Fp.ORDER ? 0xa0 : 0x80);
}

function big(value: bigint): Uint8Array {
  return Uint8Array.from(Buffer.from(value.toString(16).padStart(96, '0'), 'hex'));
}

function withFlags(bytes: Uint8Array, flags: number): Uint8Array {
  return bytes.with(0, ((bytes[0] ?? 0) & 0x1f) | flags);
}

function form(first: string, length: number, last = 0): Uint8Array {
  return new Uint8Array(length).with(0, Number.parseInt(first, 16)).with(length - 1, last);
}
