/** The last look before a block goes out (src/effects/perform.ts). */

import type { Mutant } from '../mutant.ts';

const submit = { tests: ['test/runtime/submit.test.ts'] } as const;
const PERFORM = 'src/effects/perform.ts';

export const submits: Readonly<Record<string, Mutant>> = {
  bytes: {
    what: 'only the CID that the input names is held against the bound one, and not that of the bytes',
    change: [PERFORM, '!equalBytes(bound, cid) || ', ''],
    ...submit,
  },
  input: {
    what: 'only the CID of the bytes is held against the bound one, and not that which the input names',
    change: [PERFORM, "|| !equalBytes(bound, input['cid'] as Uint8Array)", ''],
    ...submit,
  },
  unasked: {
    what: 'what is bound is not asked before a block goes out',
    change: [PERFORM, '      checkBound(input, block, context);\n', ''],
    ...submit,
  },
};
