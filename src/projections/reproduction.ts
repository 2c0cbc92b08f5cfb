/**
 * Whether a template that was mined again is the block that stands on the chain: the fields that consensus draws, byte
 * for byte.
 */

import type { BlockHeader } from '../chain/block-header.ts';
import { equalBytes, joinBytes } from '../chain/encoding/bytes.ts';
import type { Epoch } from '../chain/epoch.ts';
import { tipsetKeyBytes } from '../chain/tipset.ts';
import type { BeaconValue, Head } from '../mining/round.ts';

/** What an observed epoch would have asked its node to make. */
export interface ObservedTemplate {
  readonly epoch: Epoch;
  readonly base: Head;
  readonly timestamp: bigint;
  readonly ticket: Uint8Array;
  readonly winCount: number;
  readonly electionProof: Uint8Array;
  readonly beaconEntries: readonly BeaconValue[];
}

type Same = (template: ObservedTemplate, header: BlockHeader) => boolean;

const FIELDS: Readonly<Record<string, Same>> = {
  parents: ({ base }, { parents }) => equalBytes(joined(base), tipsetKeyBytes(parents)),
  epoch: ({ epoch }, { height }) => epoch === height,
  timestamp: (template, header) => template.timestamp === header.timestamp,
  'beacon entries': ({ beaconEntries: ours }, { beaconEntries: theirs }) =>
    ours.length === theirs.length && ours.every((entry, i) => sameEntry(entry, theirs[i])),
  ticket: ({ ticket }, header) => header.ticket !== null && equalBytes(ticket, header.ticket.vrfProof),
  'election proof': ({ electionProof }, header) => header.electionProof !== null && equalBytes(electionProof, header.electionProof.vrfProof),
  'win count': ({ winCount }, header) => winCount === header.electionProof?.winCount,
};

/** Names of the fields in which the template is not the block; none when it is reproduced. */
export function differences(template: ObservedTemplate, header: BlockHeader): readonly string[] {
  return Object.entries(FIELDS).flatMap(([name, same]) => (same(template, header) ? [] : [name]));
}

function sameEntry(ours: BeaconValue, theirs: BeaconValue | undefined): boolean {
  return theirs !== undefined && ours.round === theirs.round && equalBytes(ours.data, theirs.data);
}

function joined({ blocks }: Head): Uint8Array {
  return joinBytes(blocks.map(({ cid }) => cid));
}
