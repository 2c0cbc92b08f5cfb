/** Who performs which effect: what goes in and what comes back as the table has it (src/mining/effects.ts). */

import { list } from '../chain/encoding/codec.ts';
import type { Epoch } from '../chain/epoch.ts';
import { signedMessage } from '../chain/message.ts';
import { BLOCK_MESSAGE_LIMIT } from '../consensus/messages/gas.ts';
import type { NetworkParams } from '../consensus/network/network.ts';
import type { Bls } from '../consensus/signatures/bls.ts';
import type { MineOneError } from '../errors/mineone-error.ts';
import type { EffectName, Effects } from '../mining/effects.ts';
import type { MiningBaseInfo } from '../ports/node.ts';
import type { PerformContext } from '../runtime/options.ts';
import type { AskedPorts } from './answers/checked-ports.ts';

/**
 * Base info with the beacon entries that a block of the epoch on a base of this height carries, each of them drand's;
 * missing ones are asked for. Rejects with `BEACON_ENTRIES_WRONG`, or as the node does.
 */
export type Beaconed = (info: MiningBaseInfo, base: Epoch, epoch: Epoch, signal: AbortSignal) => Promise<MiningBaseInfo>;

/**
 * Ports whose answers have their form (answers/checked-ports.ts); what they say is looked at by the performers, before
 * a machine is given it.
 */
export interface Ports extends AskedPorts {
  readonly beaconed: Beaconed;
  readonly bls: Pick<Bls, 'aggregate' | 'verify' | 'verifyAsync' | 'verifyBatchAsync'>;
  readonly network: NetworkParams;
  /** Hears of what was left out of a block: `MESSAGES_LEFT_OUT`. */
  readonly tell?: (fault: MineOneError) => void;
}

/** `bind` is decided inside the turn that asks for it, and by no port. */
export type PerformedEffect = Exclude<EffectName, 'bind'>;

/** One function an effect: a name without one does not compile. */
export type Performers = {
  readonly [Name in PerformedEffect]: (input: Effects[Name]['in'], context: PerformContext) => Promise<Effects[Name]['out']>;
};

/** The signed messages of a block, as machines hold them. */
export const messageList = list(signedMessage, BLOCK_MESSAGE_LIMIT);
