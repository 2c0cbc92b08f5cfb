/**
 * The machines are plain XState: here the election alone under `createActor`, its one effect performed by hand. Run:
 * node examples/statecharts.js
 */

import { type ElectionInput, electionMachine } from 'mineone/machines/election';
import { createActor, fromPromise } from 'xstate';

/** What the machine asks of the world, answered by you: `alarm` never comes, the signer is a constant. */
const machine = electionMachine.provide({
  actors: {
    alarm: fromPromise<null, { readonly at: number }>(
      () => new Promise(() => undefined),
    ),
    signVrf: fromPromise<
      Uint8Array,
      { readonly key: string; readonly message: Uint8Array }
    >(async () => new Uint8Array(96).fill(7)),
  },
});

export function elect(input: ElectionInput): Promise<unknown> {
  return new Promise((resolve) => {
    const actor = createActor(machine, { input });
    actor.subscribe({ complete: () => resolve(actor.getSnapshot().output) });
    actor.start();
  });
}
