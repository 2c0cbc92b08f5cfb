/** What a prover may answer, and the prover whose answers are looked at. */

import { LIST_LENGTH_MAX } from '../../chain/encoding/codec.ts';
import type { Prover } from '../../ports/prover.ts';
import { type AnswerForms, list } from './form.ts';
import type { PortWatch } from './hanging-calls.ts';
import { postProof } from './nouns.ts';
import { portCalls } from './port-calls.ts';

export const proverAnswers: AnswerForms<Prover> = { winningPost: list(postProof, LIST_LENGTH_MAX) };

/** The prover, its answers in their forms. */
export function checkedProver(prover: Prover, watch: PortWatch): Prover {
  const { ask } = portCalls('prover', watch);
  return { winningPost: (request, signal) => ask('winningPost', signal, proverAnswers.winningPost, () => prover.winningPost(request, signal)) };
}
