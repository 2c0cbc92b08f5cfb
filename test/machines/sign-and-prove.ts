/**
 * What election, ticket and prove have in common: one question, asked again after a failure that may pass, until the
 * give-up.
 */

import { describe, expect, it } from 'vitest';
import { answered, failed, type Scenario } from './given.ts';
import { blip, deadlines, fault } from './round.ts';

/** `asked` is the invoke's id, `late` the output at the give-up. */
export function describeOneQuestion(asking: Scenario, asked: string, late: unknown): void {
  const pausing = asking.when(failed(asked, blip));

  describe(`${asked}, which is one question`, () => {
    it('is asked until the give-up', () => {
      expect(asking.open).toEqual(['giveUp', asked]);
      expect(asking.asked['giveUp']).toEqual({ name: 'alarm', input: { at: deadlines.giveUp } });
      expect(asking.when(answered('giveUp')).output).toEqual(late);
    });

    it('is asked again a second after a failure that may pass', () => {
      expect(pausing).toMatchObject({
        state: 'pausing',
        open: ['retryDue'],
        asked: { retryDue: { name: 'alarm', input: { at: blip.at + 1000, within: 1000 } } },
      });
      const again = pausing.when(answered('retryDue'));
      expect([again.state, again.asked]).toEqual([asking.state, asking.asked]);
    });

    it.for([
      [asked, asking],
      ['giveUp', asking],
      ['retryDue', pausing],
    ] as const)('fails when %s does', ([id, at]) => {
      expect(at.when(failed(id, fault)).output).toEqual({ outcome: 'failed', failure: fault });
    });
  });
}
