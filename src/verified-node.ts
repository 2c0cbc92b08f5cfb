/**
 * The node as machines are given it: whatever it says of beacons is drand's, and by the rule, before anybody draws from
 * it (docs/protocol.md 2.15).
 */

import type { BeaconEntry } from './chain/beacon-entry.ts';
import { equalBytes, toHex } from './chain/encoding/bytes.ts';
import type { Epoch } from './chain/epoch.ts';
import { type BeaconLink, beaconLinks, beaconRound, verifyBeaconLink } from './consensus/beacon.ts';
import { isChained } from './consensus/network/drand.ts';
import { beaconNetwork, type NetworkParams } from './consensus/network/network.ts';
import type { Bls } from './consensus/signatures/bls.ts';
import type { Beaconed } from './effects/performers.ts';
import { PortError } from './errors/port-error.ts';
import { type BeaconSlot, beaconSlots } from './mining/beacon-slots.ts';
import type { Node } from './ports/node.ts';
import { beaconEntries } from './streams/beacon.ts';

export interface VerifiedNode {
  readonly node: Node;
  readonly beaconed: Beaconed;
}

const NOTHING: BeaconEntry = { round: 0n, data: new Uint8Array(0) };

export function verifiedNode(network: NetworkParams, node: Node, bls: Bls): VerifiedNode {
  const isDrands = verifiedOnce(bls);
  const beacons = beaconEntries(node, async (epoch, entry, entryOf) => {
    const drand = beaconNetwork(network, epoch);
    if (entry.round !== beaconRound(network, epoch)) return false;
    if (!isChained(drand)) return isDrands({ network: drand, entry, previous: NOTHING });
    const before = epochOfRoundBefore(network, epoch);
    // What the first entry of a chained network builds on is on no chain: blocks are not asked for it either
    // (beaconLinks).
    return before === 0 || isDrands({ network: drand, entry, previous: await entryOf(before) });
  });

  const entryAt = async (slot: BeaconSlot, signal: AbortSignal): Promise<BeaconEntry> => {
    if (slot.told !== null) return slot.told;
    const asked = slot.epoch === null ? null : await beacons.entryOf(slot.epoch, signal);
    if (asked?.round !== slot.round) throw wrong(`round ${slot.round} is not among them, and no epoch's entry is it`);
    return asked;
  };

  const beaconed: Beaconed = async (info, base, epoch, signal) => {
    const { previousBeacon: previous, beaconEntries: entries } = info;
    const found = beaconSlots(network, base, epoch, { previous, entries });
    if (found.kind === 'wrong') throw wrong(found.why);
    const whole: BeaconEntry[] = [];
    for (const slot of found.slots) whole.push(await entryAt(slot, signal));
    const bad = beaconLinks(network, base, epoch, whole, previous)?.find((link) => !isDrands(link));
    if (bad !== undefined) throw wrong(`round ${bad.entry.round} is not signed by ${bad.network.name}`);
    const own = await beacons.entryOf(epoch, signal);
    const drawn = whole.at(-1) ?? previous;
    if (drawn.round !== own.round || !equalBytes(drawn.data, own.data))
      throw wrong(`the draw is from round ${drawn.round}, and not from epoch ${epoch}'s own entry`);
    return { ...info, beaconEntries: whole };
  };

  return {
    node: {
      head: (signal) => node.head(signal),
      beaconEntry: (epoch, signal) => beacons.entryOf(epoch, signal),
      miningBaseInfo: (miner, epoch, base, signal) => node.miningBaseInfo(miner, epoch, base, signal),
      selectMessages: (base, quality, signal) => node.selectMessages(base, quality, signal),
      createBlock: (template, signal) => node.createBlock(template, signal),
      submitBlock: (block, signal) => node.submitBlock(block, signal),
      pushMessage: (message, signal) => node.pushMessage(message, signal),
      tipsetAt: (height, signal) => node.tipsetAt(height, signal),
    },
    beaconed,
  };
}

/**
 * The last epoch that drew from an earlier round, as several share one where rounds are longer than epochs; 0 where
 * none did.
 */
function epochOfRoundBefore(network: NetworkParams, epoch: Epoch): Epoch {
  const round = beaconRound(network, epoch);
  let before = epoch - 1;
  while (before > 0 && beaconRound(network, before) === round) before--;
  return before;
}

function wrong(why: string): PortError {
  const message = `the node's base info has other beacon entries than the block must carry: ${why}; nothing is signed on them`;
  return new PortError('BEACON_ENTRIES_WRONG', message, { retryable: false });
}

/** Entries that are remembered: after a long stand of the chain a block carries one for each null round. */
const REMEMBERED = 1024;

/** A hundred miners are told the same entries: what was found good is not verified again, what was not is. */
function verifiedOnce(bls: Bls): (link: BeaconLink) => boolean {
  const good = new Set<string>();
  return (link) => {
    const { network, entry, previous } = link;
    const key = `${network.name}/${entry.round}/${toHex(entry.data)}/${isChained(network) ? toHex(previous.data) : ''}`;
    if (good.has(key)) return true;
    if (!verifyBeaconLink(bls, link)) return false;
    good.add(key);
    if (good.size > REMEMBERED) good.delete(good.values().next().value as string);
    return true;
  };
}
