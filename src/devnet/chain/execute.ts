/**
 * What a tipset does to the state: a small execution of the devnet's own, not Filecoin's virtual machine. Value moves,
 * nonces count, gas is paid as Filecoin's is (base fee of the gas used burnt, premium of the gas limit to the miner),
 * but gas used is a plain sum and the overestimation is not charged for.
 */

import { idOf } from '../../chain/address.ts';
import type { BlockHeader } from '../../chain/block-header.ts';
import type { CID } from '../../chain/encoding/cid.ts';
import { chainLength, type Message, type SignedMessage } from '../../chain/message.ts';
import type { StateTree } from '../../chain/state/state-tree.ts';
import type { Tipset } from '../../chain/tipset.ts';
import { effectiveGasPremium } from '../../consensus/messages/base-fee.ts';
import { minimumGas } from '../../consensus/messages/gas.ts';
import type { NetworkParams } from '../../consensus/network/network.ts';
import { readMessages } from '../../consensus/validation/block-messages.ts';
import type { BlockTable } from '../state/block-table.ts';
import { BURNT_ID, REWARD_ID } from '../state/codes.ts';
import { type DueChange, withChange } from '../state/miner-change.ts';
import { type KnownIds, type Ledger, ledgerOver } from './ledger.ts';

/** For one win. */
export const WIN_REWARD = 10n * 10n ** 18n;
/** What a transfer takes besides its place on the chain. */
const TRANSFER_GAS = 400_000n;
const METHOD_SEND = 0n;

export interface Execution {
  readonly table: BlockTable;
  readonly params: NetworkParams;
  /** Before the tipset. */
  readonly tree: StateTree;
  readonly ids: KnownIds;
  /** What the world does with this tipset. */
  readonly due: readonly DueChange[];
}

/**
 * Root of the state after the tipset: messages, each once and in the order of blocks, then rewards, then what the world
 * does to miners.
 */
export function execute({ table, params, tree, ids, due }: Execution, tipset: Tipset): CID {
  const ledger = ledgerOver(table, tree, ids);
  const seen = new Set<string>();
  for (const header of tipset.blocks) {
    const penalty = applyBlock(table, params, ledger, header, seen);
    const reward = WIN_REWARD * BigInt(header.electionProof?.winCount ?? 0);
    const burnt = penalty < reward ? penalty : reward;
    ledger.move(REWARD_ID, BURNT_ID, burnt);
    ledger.move(REWARD_ID, idOf(header.miner), reward - burnt);
  }
  return due.reduce((root, change) => withChange(table, params, root, change), ledger.write());
}

/** The miner's penalty: gas of messages whose senders could not pay for it. */
function applyBlock(table: BlockTable, params: NetworkParams, ledger: Ledger, header: BlockHeader, seen: Set<string>): bigint {
  const { cids, bls, secpk } = readMessages(table.get, header);
  const all = [
    ...bls.map((message, i) => ({ cid: cids.bls[i] as CID, message, whole: message as Message | SignedMessage })),
    ...secpk.map((signed, i) => ({ cid: cids.secpk[i] as CID, message: signed.message, whole: signed })),
  ];
  let penalty = 0n;
  for (const { cid, message, whole } of all) {
    if (seen.has(cid.toString())) continue;
    seen.add(cid.toString());
    penalty += applyMessage(ledger, message, header, minimumGas(params, header.height, chainLength(whole)));
  }
  return penalty;
}

function applyMessage(ledger: Ledger, message: Message, { miner, parentBaseFee }: BlockHeader, chainGas: bigint): bigint {
  const { gasLimit, gasFeeCap, nonce } = message;
  const from = ledger.idOf(message.from);
  const sender = from === null ? null : ledger.actor(from);
  if (from === null || sender === null || sender.nonce !== nonce || sender.balance < gasFeeCap * gasLimit) return parentBaseFee * chainGas;
  ledger.set(from, { ...sender, nonce: nonce + 1n });
  const gasUsed = gasLimit < chainGas + TRANSFER_GAS ? gasLimit : chainGas + TRANSFER_GAS;
  const feePaid = gasFeeCap < parentBaseFee ? gasFeeCap : parentBaseFee;
  ledger.move(from, BURNT_ID, feePaid * gasUsed);
  ledger.move(from, idOf(miner), effectiveGasPremium(message, parentBaseFee) * gasLimit);
  if (gasUsed === chainGas + TRANSFER_GAS) send(ledger, from, message);
  return (parentBaseFee - feePaid) * gasUsed;
}

/** A transfer that cannot be is undone, not its fees: to nobody, of more than there is, of another method. */
function send(ledger: Ledger, from: bigint, { to, value, method }: Message): void {
  const receiver = ledger.idOf(to);
  if (method !== METHOD_SEND || receiver === null || ledger.actor(receiver) === null) return;
  if ((ledger.actor(from)?.balance ?? 0n) >= value) ledger.move(from, receiver, value);
}
