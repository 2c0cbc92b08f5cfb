/** Finds every HAMT, AMT and bit field in a file by its shape, reads it, and builds it again from what was read. */

import { decodeBitField, encodeBitField } from '../../../src/chain/encoding/bit-field.ts';
import { equalBytes } from '../../../src/chain/encoding/bytes.ts';
import { CID, HASH_BLAKE2B_256, parseCid } from '../../../src/chain/encoding/cid.ts';
import { AMT_V2, type AmtEntry, amtEntries, amtV3, buildSparseAmt } from '../../../src/chain/ipld/amt.ts';
import { type CborValue, decodeCborValue } from '../../../src/chain/ipld/cbor-value.ts';
import { buildHamt, HAMT_V2, HAMT_V3, type HamtEntry, type HamtLayout, hamtEntries } from '../../../src/chain/ipld/hamt.ts';
import { DecodeError } from '../../../src/errors/mineone-error.ts';
import type { CarFile } from './car-file.ts';

/** How many of each were found, and how many entries they held together. */
export interface Rebuilt {
  amts: number;
  amtEntries: number;
  hamts: number;
  hamtEntries: number;
  bitFields: number;
}

/** Throws for anything that has the shape of a container and is not read, or not built to the same root. */
export function rebuildAll(car: CarFile): Rebuilt {
  const values = new Map<string, CborValue>();
  for (const [cid, bytes] of car.blocks) {
    // The one block of another hash, genesis' parent, is a map whose keys are in no order.
    const value = parseCid(cid).multihash.code === HASH_BLAKE2B_256 ? decoded(bytes) : undefined;
    if (value !== undefined) values.set(cid, value);
  }
  const found: Rebuilt = { amts: 0, amtEntries: 0, hamts: 0, hamtEntries: 0, bitFields: 0 };
  const children = new Set([...values.values()].filter(isHamtNode).flatMap(childrenOf));
  for (const [cid, value] of values) {
    if (isAmtRoot(value)) rebuildAmt(car, parseCid(cid), value, found);
    if (isHamtNode(value) && !children.has(cid)) rebuildHamt(car, parseCid(cid), found);
    countBitFields(value, found);
  }
  return found;
}

/** `undefined` for the few objects that are not generic values: texts of deals that are not UTF-8. */
function decoded(bytes: Uint8Array): CborValue | undefined {
  try {
    return decodeCborValue(bytes);
  } catch (error) {
    if (error instanceof DecodeError && error.code === 'CBOR_TEXT') return undefined;
    throw error;
  }
}

function isAmtRoot(value: CborValue): value is readonly CborValue[] {
  if (!Array.isArray(value) || (value.length !== 3 && value.length !== 4)) return false;
  const node: unknown = value.at(-1);
  const integers = value.slice(0, -1).every((field: unknown) => typeof field === 'bigint');
  return integers && Array.isArray(node) && node.length === 3 && node[0] instanceof Uint8Array && Array.isArray(node[1]) && Array.isArray(node[2]);
}

function rebuildAmt(car: CarFile, root: CID, value: readonly CborValue[], found: Rebuilt): void {
  const layout = value.length === 3 ? AMT_V2 : amtV3(Number(value[0]));
  const entries: AmtEntry[] = [...amtEntries(car.get, root, layout)];
  sameRoot(buildSparseAmt(layout, entries).root, root);
  found.amts++;
  found.amtEntries += entries.length;
}

function isHamtNode(value: CborValue): value is readonly CborValue[] {
  if (!Array.isArray(value) || value.length !== 2) return false;
  const [bitfield, pointers]: readonly CborValue[] = value;
  if (!(bitfield instanceof Uint8Array) || bitfield.length > 32 || !Array.isArray(pointers)) return false;
  return pointers.every((pointer: CborValue) => pointer instanceof CID || pointer instanceof Map || Array.isArray(pointer));
}

function childrenOf(node: readonly CborValue[]): readonly string[] {
  return (node[1] as readonly CborValue[]).flatMap((pointer) => {
    const target = pointer instanceof Map ? pointer.get('0') : pointer;
    return target instanceof CID ? [target.toString()] : [];
  });
}

/** The bit width is not in the file: it is the one by which every key is where it belongs. */
function rebuildHamt(car: CarFile, root: CID, found: Rebuilt): void {
  const layouts = [HAMT_V2, HAMT_V3].flatMap(({ version }) => [5, 6, 3].map((bitWidth): HamtLayout => ({ version, bitWidth })));
  for (const layout of layouts) {
    const entries = entriesBy(car, root, layout);
    if (entries === null) continue;
    sameRoot(buildHamt(layout, entries).root, root);
    found.hamts++;
    found.hamtEntries += entries.length;
    return;
  }
  throw new Error(`${root} has the shape of a HAMT and is none`);
}

function entriesBy(car: CarFile, root: CID, layout: HamtLayout): readonly HamtEntry[] | null {
  try {
    return [...hamtEntries(car.get, root, layout)];
  } catch (error) {
    if (error instanceof DecodeError) return null;
    throw error;
  }
}

function sameRoot(built: CID, root: CID): void {
  if (!built.equals(root)) throw new Error(`${root} is built as ${built}`);
}

/** Partitions, in the values of their AMT: arrays of 9 or 11 whose first five (four) fields are byte strings. */
function countBitFields(value: CborValue, found: Rebuilt): void {
  if (!Array.isArray(value)) return;
  const [count, fields] = [value.length, value as readonly CborValue[]];
  const leading = count === 9 ? fields.slice(0, 4) : count === 11 ? fields.slice(0, 5) : [];
  if (leading.length > 0 && leading.every((field) => field instanceof Uint8Array) && fields[leading.length] instanceof CID) {
    for (const bytes of leading as readonly Uint8Array[]) {
      if (!equalBytes(encodeBitField(decodeBitField(bytes)), bytes)) throw new Error('a bit field is written otherwise');
      found.bitFields++;
    }
  }
  for (const field of fields) countBitFields(field, found);
}
