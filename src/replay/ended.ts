/**
 * How a stream ends that the runtime ends and not its machine: at an operator's word, at a step that threw, at other
 * code.
 */

import type { Input } from '../journal/format/record.ts';
import type { Value } from '../journal/format/value.ts';
import { isMinerStream } from '../mining/stream.ts';

/** Its outcome. */
export function abandonedOutcome(why: Extract<Input, { readonly type: 'abandoned' }>['why']): Value {
  return why === 'stopped' ? { outcome: 'stopped' } : { outcome: 'abandoned', why };
}

/**
 * What a stream ends with by an input that no machine takes; `undefined` where it does not end by that. A miner's own
 * stream only tells of a poison.
 */
export function endedFromOutside(stream: string, input: Input): Value | undefined {
  if (input.type === 'abandoned') return abandonedOutcome(input.why);
  return input.type === 'poison' && !isMinerStream(stream) ? abandonedOutcome('poisoned') : undefined;
}
