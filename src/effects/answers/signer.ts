/**
 * What a signer may answer, and the signer whose answers are looked at: their form here, that they are signatures where
 * the key is known (vrf-proof.ts).
 */

import type { Signer } from '../../ports/signer.ts';
import { type AnswerForms, bytes } from './form.ts';
import type { PortWatch } from './hanging-calls.ts';
import { portCalls } from './port-calls.ts';

const VRF_LENGTH = 96;

export const signerAnswers: AnswerForms<Signer> = { signVrf: bytes(VRF_LENGTH) };

/** The signer, its answers in their forms. */
export function checkedSigner(signer: Signer, watch: PortWatch): Signer {
  const { ask } = portCalls('signer', watch);
  return { signVrf: (key, message, signal) => ask('signVrf', signal, signerAnswers.signVrf, () => signer.signVrf(key, message, signal)) };
}
