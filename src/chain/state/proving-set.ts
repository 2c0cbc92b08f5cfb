/**
 * The sectors of a miner that a winning PoSt may challenge: the union over its deadlines and partitions
 * (docs/protocol.md 4.6 "Proving set"; lotus chain/stmgr/actors.go GetSectorsForWinningPoSt).
 */

import { DecodeError } from '../../errors/mineone-error.ts';
import { type BitField, bitFieldSubtract, bitFieldUnion } from '../encoding/bit-field.ts';
import type { CID } from '../encoding/cid.ts';
import { amtEntries } from '../ipld/amt.ts';
import type { MinerState } from './miner.ts';
import { arrayAt, bitFieldAt, decodeObject, layoutOf, linkAt, loadObject, type StateObject } from './state-object.ts';
import { amtLayout } from './state-tree.ts';

const DEADLINES_LAYOUTS = [{ fields: 1, since: 0, due: 0 }] as const;
const DEADLINE_COUNT = 48;
const DEADLINE_LAYOUTS = [
  { fields: 7, since: 0, until: 2, partitions: 0 },
  { fields: 10, since: 3, until: 6, partitions: 0 },
  { fields: 11, since: 7, until: 15, partitions: 0 },
  { fields: 13, since: 16, partitions: 0 },
] as const;
const PARTITION_LAYOUTS = [
  { fields: 9, since: 0, until: 0, sectors: 0, unproven: null, faults: 1, terminated: 3 },
  { fields: 11, since: 2, sectors: 0, unproven: 1, faults: 2, terminated: 4 },
] as const;

const PARTITIONS_BIT_WIDTH = 3;
/** Partitions of a deadline, by the actors' policy. */
const PARTITIONS_MAX = 3000;
/**
 * Runs of bit fields that are read for one miner: one for each sector of the largest of mainnet (most lie in long
 * runs), few enough to be held.
 */
const RUNS_MAX = 1 << 20;
/** From this network version only sectors that were proven and not terminated count. */
const ACTIVE_ONLY_FROM_VERSION = 7;

/**
 * Sector numbers, by the rule of the network version at the base. Throws `UnknownLayoutError`, `DecodeError`,
 * `MissingBlockError`.
 */
export function provingSet(miner: MinerState, networkVersion: number): BitField {
  const parts: BitField[] = [];
  let runs = 0;
  for (const deadline of deadlinesOf(miner)) {
    for (const partition of partitionsOf(miner, deadline)) {
      const fields = provable(miner, partition, networkVersion);
      runs += fields.read;
      if (runs > RUNS_MAX) throw new DecodeError('PROVING_SET_TOO_LARGE', `more than ${RUNS_MAX} runs of sectors in the partitions of one miner`);
      parts.push(fields.sectors);
    }
  }
  return bitFieldUnion(parts);
}

/**
 * Runs of the sets that are remembered at a time, and how many of them a set counts for that has none: they bound the
 * memory.
 */
const RUNS_KEPT = 1 << 20;
const RUNS_OF_A_KEY = 64;

/**
 * {@link provingSet} for who judges many blocks of the same miners, whose deadlines hardly ever change: a root names
 * all that lies below it, so it is read once.
 */
export function rememberedProvingSets(): typeof provingSet {
  const known = new Map<string, BitField>();
  let runs = 0;
  return (miner, networkVersion) => {
    // The same bytes are another layout to other actors and to another tree.
    const key = [miner.deadlinesRoot, miner.tree.version, miner.actorsVersions, networkVersion].join(' ');
    const found = known.get(key);
    if (found !== undefined) return found;
    const read = provingSet(miner, networkVersion);
    runs += read.length + RUNS_OF_A_KEY;
    if (runs > RUNS_KEPT) {
      known.clear();
      runs = read.length + RUNS_OF_A_KEY;
    }
    known.set(key, read);
    return read;
  };
}

function deadlinesOf(miner: MinerState): readonly CID[] {
  const deadlines = loadObject(miner.tree.get, miner.deadlinesRoot, 'deadlines');
  const due = arrayAt(deadlines, layoutOf(deadlines, miner.actorsVersions, DEADLINES_LAYOUTS).due, 'deadlines');
  layoutOf(due, miner.actorsVersions, [{ fields: DEADLINE_COUNT, since: 0 }]);
  const links = due.fields.map((_, i) => linkAt(due, i));
  // A set holds nothing twice, and the many empty deadlines of a small miner are one block.
  return links.filter((link, i) => i === 0 || !link.equals(links[i - 1]));
}

function* partitionsOf(miner: MinerState, root: CID): Generator<StateObject, void, undefined> {
  const { tree, actorsVersions } = miner;
  const deadline = loadObject(tree.get, root, 'deadline');
  const { partitions } = layoutOf(deadline, actorsVersions, DEADLINE_LAYOUTS);
  const entries = amtEntries(tree.get, linkAt(deadline, partitions), amtLayout(tree, PARTITIONS_BIT_WIDTH), PARTITIONS_MAX);
  for (const [, bytes] of entries) yield decodeObject(bytes, 'partition');
}

/** The provable sectors of a partition, and how many runs were read to know them. */
function provable(miner: MinerState, partition: StateObject, networkVersion: number): { readonly sectors: BitField; readonly read: number } {
  const layout = layoutOf(partition, miner.actorsVersions, PARTITION_LAYOUTS);
  const sectors = bitFieldAt(partition, layout.sectors);
  const without = [bitFieldAt(partition, layout.faults)];
  if (networkVersion >= ACTIVE_ONLY_FROM_VERSION) {
    without.push(bitFieldAt(partition, layout.terminated));
    if (layout.unproven !== null) without.push(bitFieldAt(partition, layout.unproven));
  }
  const read = without.reduce((sum, field) => sum + field.length, sectors.length);
  return { sectors: bitFieldSubtract(sectors, bitFieldUnion(without)), read };
}
