/** A record as a line for people: when, whose, what came in, where it led. */

import type { Input, JournalRecord, Step } from '../../journal/format/record.ts';
import type { Value } from '../../journal/format/value.ts';
import { wrapped } from '../terminal/wrap.ts';

/** `limit` is the terminal's width: what has no room beside goes on below, set in. */
export function recordLines({ seq, at, stream, input, steps, outcome }: JournalRecord, limit = Infinity): readonly string[] {
  const ended = outcome === null ? '' : `  = ${outcomeName(outcome)}`;
  const line =
    `${String(seq).padStart(7)}  ${timeText(at)}  ${stream.padEnd(14)}  ${inputText(input).padEnd(28)}  ${steps.map(stepText).join('; ')}${ended}`.trimEnd();
  return wrapped(line, limit, INDENT);
}

/** Under the time of the record. */
const INDENT = 9;

/** ISO 8601, to the millisecond. */
export function timeText(at: number): string {
  return new Date(at).toISOString();
}

export function inputText(input: Input): string {
  switch (input.type) {
    case 'start':
      return `start ${input.machine}`;
    case 'result':
      return `${input.actor === '' ? '' : `${input.actor}: `}${input.id} ${input.ok ? 'done' : 'failed'}`;
    case 'miner':
      return `miner ${input.command}`;
    case 'seen':
      return `seen ${input.what}`;
    case 'poison':
      return `poison: ${input.message}`;
    case 'abandoned':
      return `abandoned: ${input.why}`;
    case 'opened':
      return 'opened';
    default:
      return (input as { readonly type: string }).type;
  }
}

export function stepText({ actor, from, to, effects }: Step): string {
  const asked = effects.length === 0 ? '' : ` [${effects.map(({ name }) => name).join(', ')}]`;
  return `${actor === '' ? '' : `${actor}: `}${from ?? 'start'} -> ${to}${asked}`;
}

function outcomeName(outcome: Value): string {
  const { outcome: name, fate } = outcome as { readonly outcome?: string; readonly fate?: string };
  return name ?? fate ?? 'ended';
}
