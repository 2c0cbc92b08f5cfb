/** Fate: what became of a mined block, five epochs on and when it is final. */

import { describe, expect, it } from 'vitest';
import { fateMachine } from '../../machines/fate.ts';
import { answered, failed, given } from './given.ts';
import { cid, config, epoch, fault } from './round.ts';

const own = cid(21);
const waiting = given(fateMachine, { epoch, config, cid: own });
const looking = waiting.when(answered('early'));
const awaiting = looking.when(answered('lookEarly', [cid(1), own]));
const deciding = awaiting.when(answered('final'));

describe('fate', () => {
  it('looks at the height of the block five epochs on, and nine hundred', () => {
    expect(waiting.asked).toEqual({ early: { name: 'alarm', input: { at: (1_000_000 + 30 * (epoch + 5)) * 1000 } } });
    expect(looking.asked).toEqual({ lookEarly: { name: 'getTipset', input: { height: epoch } } });
    expect(awaiting.asked).toEqual({ final: { name: 'alarm', input: { at: (1_000_000 + 30 * (epoch + 900)) * 1000 } } });
    expect(deciding.asked).toEqual({ lookFinal: { name: 'getTipset', input: { height: epoch } } });
  });

  it('is included when the block stands there at last, whatever was seen early', () => {
    expect(deciding.when(answered('lookFinal', [own])).output).toEqual({ fate: 'included' });
    expect(looking.when(answered('lookEarly', [cid(1)]), answered('final'), answered('lookFinal', [own])).output).toEqual({ fate: 'included' });
  });

  it('is orphaned when another tipset stands there, or a null round', () => {
    expect(deciding.when(answered('lookFinal', [cid(1)])).output).toEqual({ fate: 'orphaned', instead: [cid(1)] });
    expect(deciding.when(answered('lookFinal', [])).output).toEqual({ fate: 'orphaned', instead: [] });
  });

  it('is what was seen early when it cannot be looked for at last', () => {
    expect(deciding.when(failed('lookFinal', fault)).output).toEqual({ fate: 'included' });
    expect(looking.when(answered('lookEarly', []), failed('final', fault)).output).toEqual({ fate: 'orphaned', instead: [] });
  });

  it('is unknown when nothing was ever seen', () => {
    const unknown = { fate: 'unknown', failure: fault };
    expect(waiting.when(failed('early', fault)).output).toEqual(unknown);
    const blind = looking.when(failed('lookEarly', fault));
    expect(blind.state).toBe('awaitingFinality');
    expect(blind.when(answered('final'), failed('lookFinal', fault)).output).toEqual(unknown);
  });
});
