/** Whether a block that a node made is the one that its template asked for. */

import { type BlockHeader, blockHeader } from '../chain/block-header.ts';
import type { BlockMessage } from '../chain/block-message.ts';
import { equalBytes } from '../chain/bytes.ts';
import { encode } from '../chain/codec.ts';
import { type BlockTemplate, blockOfTemplate } from './block-template.ts';
import type { Bls } from './bls.ts';

/** Fields of a header that a node may fill in as it knows the chain; all others a template decides. */
const NODE_DECIDES: readonly (keyof BlockHeader)[] = ['parentWeight', 'parentStateRoot', 'parentMessageReceipts', 'parentBaseFee', 'blockSig', 'forkSignaling'];

/** The first field in which a created block is not what its template asked for; `null` when it is. */
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
