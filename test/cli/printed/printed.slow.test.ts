/**
 * Every command that README, docs/ and the help texts print is run as it is printed, in the order in which a reader
 * meets them, from a fresh home on.
 */

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { allPrinted } from './all.ts';
import { NOT_RUN } from './not-run.ts';
import { canMount, mainnet, makePlace, needsMount, type Place } from './place.ts';

/** Those that go on until Ctrl-C: what is seen before it is typed. */
const UNTIL: Readonly<Record<string, RegExp>> = {
  'mineone devnet --fault slow-prove --fault late-beacon:0.5': /\b(mined|lost|late)\b/,
  'mineone journal tail -n 50 --follow --data ~/.mineone/devnet': /f01000\/\d+/,
};

function skipped(command: string): string | false {
  if (needsMount(command) && !canMount) return 'this system lets nobody mount in a namespace';
  return /mainnet\.car|snapshot\.car/.test(command) && mainnet.absent;
}

const printed = (await allPrinted()).filter(({ text }) => !(text in NOT_RUN));
const named = printed.map(({ text, where }) => ({ text, where, reason: skipped(text) }));

describe('printed commands run as printed', () => {
  let place: Place;
  beforeAll(async () => {
    place = await makePlace();
  });
  afterAll(() => place.remove());

  for (const { text, where, reason } of named) {
    it.skipIf(reason)(`${where}: ${text}${reason === false ? '' : ` (skipped: ${reason})`}`, async () => {
      const until = UNTIL[text];
      const { code, stdout, stderr } = await place.run(text, until);
      const failure = /^mineone: (?!warning).*$/m.exec(stderr)?.[0];
      expect({ code, failure, isSilent: stdout === '' }, stderr).toEqual({ code: until === undefined ? 0 : 130, failure: undefined, isSilent: isSilent(text) });
    });
  }
});

/** Nothing is printed where all goes to a file, or into the shell. */
function isSilent(text: string): boolean {
  return / > |^source /.test(text);
}
