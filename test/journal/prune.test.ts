/** What goes with the records that were given up, and what stays because something that is kept names it. */

import { expect, it } from 'vitest';
import { roomRange } from '../../src/journal/format/keys.ts';
import type { Input } from '../../src/journal/format/record.ts';
import type { Value } from '../../src/journal/format/value.ts';
import { type Journal, openJournal } from '../../src/journal/journal.ts';
import { removeGiven } from '../../src/journal/prune.ts';
import { memoryStore } from '../../src/journal/store/memory-store.ts';
import type { Store } from '../../src/ports/store.ts';

const CHAINS = 12;
const DEPTH = 4;

/** Shared values that name each other, `DEPTH` deep; the innermost names a blob as well. */
function nested(journal: Journal, name: string): Value {
  let value: Value = { name, proof: journal.shared.withoutBlobs(new Uint8Array(300).fill(name.length)) };
  for (let depth = 0; depth < DEPTH; depth++) value = { depth, within: journal.shared.share(value as object) as Value };
  return value;
}

const say = (journal: Journal, stream: string, input: Input) => journal.add({ at: 0, stream, input, steps: [], binds: [], outcome: null });

/** A record that is given up and one that is kept, each naming such chains. */
async function written(): Promise<Store> {
  const store = memoryStore();
  const journal = await openJournal(store);
  for (const kept of ['gone', 'kept']) {
    const value = Array.from({ length: CHAINS }, (_, i) => nested(journal, `${kept} ${'x'.repeat(i)}`));
    say(journal, 'network', { type: 'seen', what: 'head', value });
    if (kept === 'gone') await journal.flush();
  }
  const { stored } = await firstOf(journal);
  const streams = [{ stream: 'network', seq: 0, hash: stored.hash, state: null }];
  say(journal, 'checkpoint', { type: 'checkpoint', checkpoint: { first: 1, prev: stored.hash, slash: 0n, streams, begun: {} } });
  await journal.flush();
  return store;
}

async function firstOf(journal: Journal) {
  for await (const stored of journal.records()) return { stored };
  throw new Error('no record');
}

async function countOf(store: Store, room: 'shared' | 'blobs'): Promise<number> {
  let count = 0;
  for await (const _ of store.range(...roomRange(room))) count++;
  return count;
}

const withinOf = (value: Value): Value => (value as { readonly within: Value }).within;

it('leaves values that kept values name, however deep, in whichever order they lie on disk, and their blobs', async () => {
  const store = await written();
  expect(await countOf(store, 'shared')).toBe(2 * CHAINS * DEPTH);
  // Opened anew: what a process has just shared is in use.
  const { records, values } = await removeGiven(await openJournal(store));
  expect([records, await countOf(store, 'shared')]).toEqual([1, CHAINS * DEPTH]);
  expect(values).toBeGreaterThanOrEqual(CHAINS * DEPTH);
  const journal = await openJournal(store);
  const { record } = (await firstOf(journal)).stored;
  const chains = (record.input as Extract<Input, { readonly type: 'seen' }>).value as readonly Value[];
  const innermost = chains.map((chain) => Array.from({ length: DEPTH }).reduce<Value>(withinOf, chain) as { readonly proof: { readonly $blob: Uint8Array } });
  for (const { proof } of innermost) expect(journal.blob(proof.$blob)).toHaveLength(300);
});
