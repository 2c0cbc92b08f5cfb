/**
 * Whether a block that a node made is the one that its template asked for, signed by the worker.
 *
 * Not to be seen without the chain's state: the roots of state and receipts, the exact weight and base fee. Of the
 * latter two it is seen that they can follow from the base.
 */

import { formatAddress, parseAddress } from '../chain/address.ts';
import { type BlockHeader, blockHeader, signingBytes } from '../chain/block-header.ts';
import { BLOCK_MESSAGE_LENGTH_MAX, type BlockMessage, blockMessage } from '../chain/block-message.ts';
import { equalBytes } from '../chain/encoding/bytes.ts';
import { encode } from '../chain/encoding/codec.ts';
import type { Epoch } from '../chain/epoch.ts';
import { SIGNATURE_BLS } from '../chain/signature.ts';
import { type BlockTemplate, blockOfTemplate } from '../consensus/block-template.ts';
import { baseFeeBounds } from '../consensus/messages/base-fee.ts';
import type { NetworkParams } from '../consensus/network/network.ts';
import type { Bls } from '../consensus/signatures/bls.ts';

/** Fields of a header that a node may fill in as it knows the chain; all others a template decides. */
const NODE_DECIDES: readonly (keyof BlockHeader)[] = ['parentWeight', 'parentStateRoot', 'parentMessageReceipts', 'parentBaseFee', 'blockSig', 'forkSignaling'];

/** What is known of a base without its state: what its blocks say of their own. */
export interface KnownBase {
  readonly height: Epoch;
  readonly baseFee: bigint;
  readonly weight: bigint;
}

export interface OwnBlockContext {
  readonly bls: Pick<Bls, 'aggregate' | 'verifyAsync'>;
  readonly params: Pick<NetworkParams, 'upgrades' | 'breezeGasTampingDuration'>;
  /** `f3…` */
  readonly workerKey: string;
  /** `null`: nobody looked at it, and weight and base fee are not held against it. */
  readonly base: KnownBase | null;
}

/**
 * The first thing in which a created block is not what its template asked for, or not signed; `null` when all is well.
 */
export async function ownBlockFault(template: BlockTemplate, block: BlockMessage, context: OwnBlockContext): Promise<string | null> {
  const { bls, workerKey } = context;
  const fault = templateMismatch(bls, template, block) ?? baseFault(block.header, context);
  if (fault !== null) return fault;
  const length = encode(blockMessage, block).length;
  if (length > BLOCK_MESSAGE_LENGTH_MAX) return `the block has ${length} bytes where ${BLOCK_MESSAGE_LENGTH_MAX} are passed on`;
  return (await isSigned(bls, block.header, workerKey))
    ? null
    : `the block is not signed by the worker key ${workerKey} that the node named for ${formatAddress(template.miner)}`;
}

/**
 * The first field in which a created block is not what its template asked for; `null` when it is. Its signature is not
 * looked at.
 */
export function templateMismatch(bls: Pick<Bls, 'aggregate'>, template: BlockTemplate, block: BlockMessage): string | null {
  const { header } = block;
  const base = { stateRoot: header.parentStateRoot, receiptsRoot: header.parentMessageReceipts, weight: header.parentWeight, baseFee: header.parentBaseFee };
  const expected = blockOfTemplate(bls, template, base);
  const undecided = Object.fromEntries(NODE_DECIDES.map((field) => [field, header[field]]));
  const wanted: BlockHeader = { ...expected.header, ...undecided };
  if (!equalBytes(encode(blockHeader, wanted), encode(blockHeader, header))) {
    const field = (Object.keys(wanted) as (keyof BlockHeader)[]).find((key) => {
      const alone = (value: BlockHeader): Uint8Array => encode(blockHeader, { ...wanted, [key]: value[key] });
      return !equalBytes(alone(wanted), alone(header));
    });
    return `the block's ${field ?? 'header'} is not the template's`;
  }
  const cids = (list: BlockMessage): string => `${list.blsMessages.join()} ${list.secpkMessages.join()}`;
  return cids(expected) === cids(block) ? null : "the block's messages are not the template's";
}

/** Base fee and weight that no messages of this base lead to. */
function baseFault({ parentBaseFee, parentWeight }: BlockHeader, { base, params }: OwnBlockContext): string | null {
  if (base === null) return null;
  const { least, most } = baseFeeBounds(params, base);
  if (parentBaseFee < least || parentBaseFee > most)
    return `the block's parentBaseFee is ${parentBaseFee} where a base with a fee of ${base.baseFee} leads to ${least} to ${most}`;
  return parentWeight >= base.weight ? null : `the block's parentWeight is ${parentWeight}, less than the ${base.weight} of its base's own parents`;
}

function isSigned(bls: Pick<Bls, 'verifyAsync'>, header: BlockHeader, workerKey: string): boolean | Promise<boolean> {
  if (header.blockSig?.type !== SIGNATURE_BLS) return false;
  return bls.verifyAsync({ publicKey: parseAddress(workerKey).payload, message: signingBytes(header), signature: header.blockSig.data });
}
