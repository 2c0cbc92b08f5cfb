/**
 * What a fence may answer, and the fence whose answers are looked at: a word that it does not have is neither a grant
 * nor a conflict, and a grant is of one block.
 */

import type { Fence, FenceClaim, FenceVerdict } from '../../ports/fence.ts';
import { type AnswerForms, type Form, fields, text, word, wrongAnswer } from './form.ts';
import type { PortWatch } from './hanging-calls.ts';
import { cid } from './nouns.ts';
import { portCalls } from './port-calls.ts';

type Grant = Extract<FenceVerdict, { readonly verdict: 'granted' }>;
type Conflict = Extract<FenceVerdict, { readonly verdict: 'conflict' }>;

const said = fields<Pick<FenceVerdict, 'verdict'>>({ verdict: word('granted', 'conflict', 'unknown') });
const grant = fields<Grant>({ verdict: word('granted'), cid });
const conflict = fields<Conflict>({ verdict: word('conflict'), kind: word('double-fork', 'time-offset', 'parent-grinding'), by: text });

const verdict: Form<FenceVerdict> = (value, place) => {
  const { verdict: known } = said(value, place);
  if (known === 'granted') return grant(value, place);
  return known === 'conflict' ? conflict(value, place) : { verdict: known };
};

export const fenceAnswers: AnswerForms<Fence> = { claim: verdict };

/** The fence, its answers in their forms. */
export function checkedFence(fence: Fence, watch: PortWatch): Fence {
  const { ask } = portCalls('fence', watch);
  return { claim: async (claim, signal) => grantOf(claim, await ask('claim', signal, fenceAnswers.claim, () => fence.claim(claim, signal))) };
}

/** An answer that went astray, to another claim or of an epoch before, would let two instances send a block each. */
function grantOf(claim: FenceClaim, answered: FenceVerdict): FenceVerdict {
  if (answered.verdict === 'granted' && !answered.cid.equals(claim.cid))
    throw wrongAnswer('fence.claim.cid', `the CID of the claim, ${claim.cid}`, `${answered.cid}`);
  return answered;
}
