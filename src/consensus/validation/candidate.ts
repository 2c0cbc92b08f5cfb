/** A block under judgement, and what is read of it and of its miner once for several checks. */

import { idOf, PROTOCOL_BLS, PROTOCOL_ID } from '../../chain/address.ts';
import type { BlockHeader } from '../../chain/block-header.ts';
import type { CID } from '../../chain/encoding/cid.ts';
import { keyAddress } from '../../chain/state/account.ts';
import { type MinerState, readMiner } from '../../chain/state/miner.ts';
import { type BlockMessages, type MessageCids, readMessageCids, readMessages } from './block-messages.ts';
import { insteadOf, once, type Round, type RuleState } from './round.ts';
import { givenState, type Verdict, wrong } from './verdict.ts';

export interface Candidate {
  /** The CID it goes by. */
  readonly cid: CID;
  readonly header: BlockHeader;
  readonly messageCids: () => MessageCids;
  readonly messages: () => BlockMessages;
  /**
   * The miner in the lookback state; `null` when that has none of this id, or when there is no lookback state at all.
   */
  readonly miner: () => MinerState | null;
  /** BLS key of its worker, 48 bytes, by the lookback state (the validator's reading, docs/protocol.md 4.3). */
  readonly workerKey: () => Uint8Array | null;
}

export function candidateOf(round: Round, cid: CID, header: BlockHeader): Candidate {
  const miner = once(() => {
    const state = round.lookbackState();
    return state === null || header.miner.protocol !== PROTOCOL_ID ? null : readMiner(state.tree, idOf(header.miner));
  });
  const messageCids = once(() => readMessageCids(round.view.get, header));
  return {
    cid,
    header,
    miner,
    messageCids,
    messages: once(() => readMessages(round.view.get, header, messageCids())),
    workerKey: once(() => workerKey(round.lookbackState(), miner())),
  };
}

function workerKey(state: RuleState | null, miner: MinerState | null): Uint8Array | null {
  if (state === null || miner === null) return null;
  const key = keyAddress(state.tree, idOf(miner.info.worker));
  return key?.protocol === PROTOCOL_BLS ? key.payload : null;
}

/** A verdict over what the worker key signed; without a key there is nothing that could have. */
export function bySignature(candidate: Candidate, round: Round, what: string, verifies: (publicKey: Uint8Array) => boolean): Verdict {
  const key = candidate.workerKey();
  const instead = insteadOf('worker', round.lookbackState());
  if (key === null) return givenState(wrong(`${what} by a BLS worker key of the miner`, 'no such key in the lookback state'), instead);
  return givenState(verifies(key) ? { verdict: 'ok' } : wrong(`${what} by the worker key`, 'one that does not verify'), instead);
}
