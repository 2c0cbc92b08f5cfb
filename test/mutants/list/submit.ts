/** The last look before a block goes out (src/effects/block.ts). */

import type { Mutant } from '../mutant.ts';

const submit = { tests: ['test/runtime/submit.test.ts'] } as const;
const BLOCK = 'src/effects/block.ts';

export const submits: Readonly<Record<string, Mutant>> = {
  bytes: {
    what: 'only the CID that the input names is held against the bound one, and not that of the bytes',
    change: [BLOCK, '!equalBytes(bound, cid) || ', ''],
    ...submit,
  },
  input: {
    what: 'only the CID of the bytes is held against the bound one, and not that which the input names',
    change: [BLOCK, '|| !equalBytes(bound, asked)', ''],
    ...submit,
  },
  unasked: {
    what: 'what is bound is not asked before a block goes out',
    change: [BLOCK, '      checkBound(input, block, context);\n', ''],
    ...submit,
  },
};
