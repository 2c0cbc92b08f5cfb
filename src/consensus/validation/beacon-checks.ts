/** Checks of the beacon entries a block carries (docs/protocol.md 2.15). */

import type { BeaconEntry } from '../../chain/beacon-entry.ts';
import { areAsked, beaconDemand, beaconLinks, verifyBeaconLink } from '../beacon.ts';
import { BEACON_LOOKBACK_TIPSETS } from '../lookback.ts';
import type { Check } from './check.ts';
import { NoBeaconEntryError, type Round } from './round.ts';
import { notCheckable, OK, wrong } from './verdict.ts';

export const beaconRounds: Check = {
  name: 'beacon-rounds',
  rule: 'one entry for each epoch since the base, of the rounds these draw from',
  run({ header }, { params, base, previousBeacon }) {
    const previous = latestEntry(previousBeacon);
    if (previous instanceof NoBeaconEntryError) return wrong(`a beacon entry in the ${BEACON_LOOKBACK_TIPSETS} tipsets up to the base`, 'none');
    const demand = beaconDemand(params, base.height, header.height, previous);
    const found = header.beaconEntries.map(({ round }) => round);
    if (demand.kind === 'too-many') return wrong(`${demand.count} entries, more than a header can hold`, found.length);
    if (demand.kind === 'any') return found.length > 0 ? OK : wrong('at least one entry', 'none');
    return areAsked(demand, found) ? OK : wrong(`rounds [${demand.rounds.join(', ')}]`, `rounds [${found.join(', ')}]`);
  },
};

function latestEntry(previousBeacon: Round['previousBeacon']): BeaconEntry | NoBeaconEntryError {
  try {
    return previousBeacon();
  } catch (error) {
    if (error instanceof NoBeaconEntryError) return error;
    throw error;
  }
}

export const beaconSignatures: Check = {
  name: 'beacon-signatures',
  rule: "every entry is the drand network's signature of its round",
  run({ header }, { params, base, previousBeacon, bls }) {
    const links = beaconLinks(params, base.height, header.height, header.beaconEntries, previousBeacon());
    if (links === null) return notCheckable('the predecessor of the first entry, which is not on the chain');
    const bad = links.find((link) => !verifyBeaconLink(bls, link));
    return bad === undefined ? OK : wrong(`a signature of ${bad.network.name}`, `one of round ${bad.entry.round} that does not verify`);
  },
};
