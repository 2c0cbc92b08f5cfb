/** What a node is asked for an epoch: head, beacon entry, base info, messages, and what stands at a height. */

import { parseAddress } from '../chain/address.ts';
import { encode } from '../chain/encoding/codec.ts';
import type { Tipset } from '../chain/tipset.ts';
import { baseFeeBounds } from '../consensus/messages/base-fee.ts';
import { PortError } from '../errors/port-error.ts';
import { baseInfoFault } from '../mining/base-info-check.ts';
import { ANSWER_MS, answeredBy } from './answer-in-time.ts';
import type { KnownBases } from './answers/bases.ts';
import { admitted } from './answers/messages.ts';
import { checkOfNetwork } from './answers/of-network.ts';
import { baseHead } from './base-head.ts';
import { messageList, type Performers, type Ports } from './performers.ts';
import { headOf, infoOf, standingOf, tipsetKeyOf } from './plain.ts';
import { reachedTipset } from './reached-tipset.ts';

type Asking = Pick<Performers, 'getHead' | 'getBeaconEntry' | 'getMiningBaseInfo' | 'getMessages' | 'getTipset'>;

export function asking({ clock, node, beaconed, network, bls, tell = () => undefined }: Ports, bases: KnownBases): Asking {
  return {
    async getHead(asked, { signal, share }) {
      const told = (): Promise<Tipset> => node.head(signal);
      const head = asked === null ? await answeredBy(clock, 'getHead', clock.now() + ANSWER_MS, told) : await baseHead(clock, node, asked, signal);
      checkOfNetwork(network, head);
      bases.see(head);
      const since = node.headSince?.(head);
      return share(since === undefined ? headOf(head) : { ...headOf(head), since });
    },
    async getBeaconEntry({ epoch }, { signal, share }) {
      return share(await node.beaconEntry(epoch, signal));
    },
    async getMiningBaseInfo({ miner, epoch, base }, { signal, share }) {
      const info = await node.miningBaseInfo(parseAddress(miner), epoch, tipsetKeyOf(base), signal);
      if (info === null) return null;
      const fault = baseInfoFault(info);
      if (fault !== null) throw new PortError(fault.code, fault.message, { retryable: false });
      return infoOf(await beaconed(info, base.height, epoch, signal), share);
    },
    async getMessages({ base, epoch, quality }, { signal }) {
      const chosen = await node.selectMessages(tipsetKeyOf(base), quality, signal);
      const known = bases.of(base);
      const leastBaseFee = known === null ? 0n : baseFeeBounds(network, known).least;
      return encode(messageList, await admitted(chosen, { bls, params: network, epoch, leastBaseFee, tell }));
    },
    async getTipset(asked, { signal }) {
      return standingOf(await reachedTipset(node, network, asked, signal));
    },
  };
}
