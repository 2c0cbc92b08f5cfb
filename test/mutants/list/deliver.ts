/** A bound block from its claim to the chain (machines/deliver*.ts). */

import type { Mutant } from '../mutant.ts';

const deliver = { tests: ['test/machines/deliver.test.ts'] } as const;
const SETUP = 'machines/deliver-setup.ts';
const INPUT = 'machines/deliver-input.ts';

export const deliveries: Readonly<Record<string, Mutant>> = {
  'last call': {
    what: 'a claim that would be made again at the last call does not ask for the head',
    change: [SETUP, 'context.retryAt >= context.deadlines.lastCall', 'context.retryAt > context.deadlines.lastCall'],
    ...deliver,
  },
  'last try': {
    what: 'what fails at the last call is tried again a second later',
    change: [INPUT, 'failed.at < context.deadlines.lastCall', 'failed.at <= context.deadlines.lastCall'],
    ...deliver,
  },
  'refusal kept': {
    what: 'what the fence could not take is remembered when it grants it later',
    change: [SETUP, 'noteGranted: assign({ refusal: null })', 'noteGranted: assign({})'],
    ...deliver,
  },
  'sent last': {
    what: 'a block was sent when it was last tried',
    change: [SETUP, 'sentAt: context.sentAt ?? at', 'sentAt: at'],
    ...deliver,
  },
  'pushed for ever': {
    what: 'messages are pushed once, and not once a try',
    change: [SETUP, 'tryAnew: assign({ isPushed: false })', 'tryAnew: assign({})'],
    ...deliver,
  },
};
