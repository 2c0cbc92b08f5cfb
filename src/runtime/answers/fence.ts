/** What a fence may answer, and the fence whose answers are looked at: a word that it does not have is neither a grant nor a conflict. */

import type { Fence, FenceVerdict } from '../../ports/fence.ts';
import { type Answers, type Form, fields, text, word } from './form.ts';
import { portCalls } from './port-calls.ts';

type Conflict = Extract<FenceVerdict, { readonly verdict: 'conflict' }>;

const said = fields<Pick<FenceVerdict, 'verdict'>>({ verdict: word('granted', 'conflict', 'unknown') });
const conflict = fields<Conflict>({ verdict: word('conflict'), kind: word('double-fork', 'time-offset', 'parent-grinding'), by: text });

const verdict: Form<FenceVerdict> = (value, place) => {
  const { verdict: known } = said(value, place);
  return known === 'conflict' ? conflict(value, place) : { verdict: known };
};

export const fenceAnswers: Answers<Fence> = { claim: verdict };

/** The fence, its answers in their forms. */
export function checkedFence(fence: Fence): Fence {
  const { ask } = portCalls('fence');
  return { claim: (claim, signal) => ask('claim', signal, fenceAnswers.claim, () => fence.claim(claim, signal)) };
}
