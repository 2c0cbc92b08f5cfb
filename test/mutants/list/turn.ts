/** One turn (src/statechart/turn.ts): what it takes, asks, starts, cancels, and what its digest holds. */

import type { Mutant } from '../mutant.ts';

const turn = { tests: ['test/statechart/turn.test.ts'] } as const;
const TURN = 'src/statechart/turn.ts';

export const turns: Readonly<Record<string, Mutant>> = {
  'result by its seq': {
    what: 'a result is taken when only its seq fits',
    change: [TURN, 'waiting.key[0] === key[0] && waiting.key[1] === key[1]', 'waiting.key[0] === key[0]'],
    ...turn,
  },
  'result by its number': {
    what: 'a result is taken when only its number fits',
    change: [TURN, 'waiting.key[0] === key[0] && waiting.key[1] === key[1]', 'waiting.key[1] === key[1]'],
    ...turn,
  },
  'old key': {
    what: 'what an invoke that is entered anew had asked goes on under its old key',
    change: [TURN, 'result.invoking.has(id) && !result.entered.has(id)', 'result.invoking.has(id)'],
    ...turn,
  },
  'key kept': {
    what: 'an invoke that was not left is asked no more',
    change: [TURN, 'if (result.invoking.has(id) && !result.entered.has(id)) open.set(id, waiting);', 'if (result.entered.has(id)) open.set(id, waiting);'],
    ...turn,
  },
  'asked and left': {
    what: 'what is asked and left in one turn is started',
    change: [
      TURN,
      'if (seq !== context.seq || !started.delete(n)) cancelled.push(waiting.key);',
      'if (seq !== context.seq || !started.has(n)) cancelled.push(waiting.key);',
    ],
    ...turn,
  },
  'left child': {
    what: 'a child that was left before it started starts',
    change: [TURN, 'actors.get(path)?.open.get(id) === child && start(', 'actors.get(path) !== undefined && start('],
    ...turn,
  },
  "old child's end": {
    what: 'the end of a child is taken for that of another that has its name now',
    change: [TURN, 'actors.get(parent)?.open.get(id) === waiting && deliver(', 'actors.get(parent)?.open.has(id) && deliver('],
    ...turn,
  },
  'left below': {
    what: 'effects of a child whose parent goes on without it are not cancelled',
    change: [TURN, 'for (const [inner, held] of actor?.open ?? []) drop(turn, child, inner, held);', 'void actor;'],
    ...turn,
  },
  'left alive': {
    what: 'a child whose parent goes on without it lives on',
    change: [TURN, '  actors.delete(child);\n', ''],
    ...turn,
  },
  'left at its end': {
    what: 'what an actor had asked when it ended is not cancelled',
    change: [TURN, '      else drop(turn, path, id, waiting);\n', "      else if (result.state.status === 'active') drop(turn, path, id, waiting);\n"],
    ...turn,
  },
  'keys in the digest': {
    what: 'the digest of a step does not hold under which keys it waits',
    change: [TURN, 'state.context, state.output, keys]', 'state.context, state.output, keys.length]'],
    ...turn,
  },
};
