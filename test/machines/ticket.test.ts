/** Ticket: the worker key signs the ticket draw on the base. */

import { expect, it } from 'vitest';
import { ticketMachine } from '../../machines/ticket.ts';
import { ticketMessage } from '../../src/mining/round.ts';
import { answered, given } from './given.ts';
import { base, baseLessFirst, config, deadlines, epoch, info, miner, vrf, workerKey } from './round.ts';
import { describeOneQuestion } from './sign-and-prove.ts';

const input = { miner, epoch, config, deadlines, info, base };
const signing = given(ticketMachine, input);

describeOneQuestion(signing, 'signVrf', {
  outcome: 'failed',
  failure: { code: 'SIGNER_LATE', message: expect.any(String), retryable: false, at: deadlines.giveUp },
});

it('has the ticket draw on this base signed by the worker key', () => {
  expect(signing.asked['signVrf']).toEqual({ name: 'signVrf', input: { key: workerKey, message: ticketMessage(config, info, miner, epoch, base) } });
  const other = given(ticketMachine, { ...input, base: baseLessFirst });
  expect(other.asked['signVrf']).not.toEqual(signing.asked['signVrf']);
});

it('is the signature', () => {
  expect(signing.when(answered('signVrf', vrf)).output).toEqual({ outcome: 'drawn', ticket: vrf });
});
