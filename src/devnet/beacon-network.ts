/**
 * The devnet's own drand network: quicknet's scheme, a round an epoch, signed when it is first asked for and never
 * before its time (docs/protocol.md 2.15).
 */

import type { BeaconEntry } from '../chain/beacon-entry.ts';
import { type Epoch, epochTimestamp } from '../chain/epoch.ts';
import { beaconDemand, beaconRound } from '../consensus/beacon.ts';
import { drandMessage } from '../consensus/network/drand.ts';
import { beaconNetwork, type NetworkParams } from '../consensus/network/network.ts';
import type { Bls } from '../consensus/signatures/bls.ts';
import { PortError } from '../errors/port-error.ts';
import type { Clock } from '../ports/clock.ts';

export interface Beacon {
  /** The entry that an epoch draws from, without waiting for its time. */
  entry(epoch: Epoch): BeaconEntry;
  /** Entries of a block on a base of this height; `previous` is the latest of the base's chain. */
  entries(baseHeight: Epoch, epoch: Epoch, previous: BeaconEntry): readonly BeaconEntry[];
  /** Waits until the round is published; throws `NODE_NO_BEACON` for one further ahead than two epochs. */
  published(epoch: Epoch, clock: Clock, signal: AbortSignal): Promise<BeaconEntry>;
}

const AHEAD = 2;
const ROUNDS_KEPT = 4096;

export function devnetBeacon(bls: Bls, privateKey: Uint8Array, params: NetworkParams): Beacon {
  const signed = new Map<bigint, BeaconEntry>();
  const roundEntry = (round: bigint, epoch: Epoch): BeaconEntry => {
    const message = drandMessage(beaconNetwork(params, epoch), round, new Uint8Array(0));
    const entry = signed.get(round) ?? { round, data: bls.signG1(privateKey, message) };
    if (signed.size >= ROUNDS_KEPT) signed.clear();
    signed.set(round, entry);
    return entry;
  };
  const entry = (epoch: Epoch): BeaconEntry => roundEntry(beaconRound(params, epoch), epoch);
  return {
    entry,
    entries(baseHeight, epoch, previous) {
      const demand = beaconDemand(params, baseHeight, epoch, previous);
      return demand.kind === 'rounds' ? demand.rounds.map((round) => roundEntry(round, epoch)) : [];
    },
    async published(epoch, clock, signal) {
      const at = Number(epochTimestamp(params, epoch - 1)) * 1000;
      const ahead = at - clock.now();
      if (ahead > AHEAD * params.blockDelaySecs * 1000) {
        const message = `drand failed Get request: no valid clients: round ${beaconRound(params, epoch)} of epoch ${epoch} is not published yet`;
        throw new PortError('NODE_NO_BEACON', message, { retryable: true });
      }
      if (ahead > 0) await clock.until(at, signal);
      return entry(epoch);
    },
  };
}
