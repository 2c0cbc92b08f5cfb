/** The house with one safeguard taken out of it, in a folder of its own: what the simulation must find. */

import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { copyOfHouse } from './build.ts';

/** File and text that is there once, and what stands there instead. */
export type Change = readonly [file: string, from: string, to: string];

export interface Mutant {
  readonly what: string;
  /** None for one that is not of the code but of the disk; several where one safeguard stands behind another. */
  readonly changes?: readonly Change[];
  readonly disk?: 'lazy';
  /** Found it when this was written; looked for from there on. */
  readonly seed: number;
  /** What is broken then. */
  readonly finds: RegExp;
}

export const MUTANTS: Readonly<Record<string, Mutant>> = {
  sync: { what: 'a batch is acknowledged before it is on disk', disk: 'lazy', seed: 46, finds: /two blocks sent|left out|was begun|not mined/ },
  parents: {
    what: 'bind looks for no block on the same parents',
    changes: [
      ['src/journal/slash/slash-rows.ts', 'onParents: (parents) => read(slashParentsKey(minerId, parentsHash(parents))),', 'onParents: () => undefined,'],
    ],
    seed: 48,
    finds: /two blocks sent: .* on the parents/,
  },
  'open key': {
    what: 'a result is taken for whatever is asked under its name',
    changes: [
      [
        'src/statechart/turn.ts',
        "return waiting?.kind === 'effect' && waiting.key[0] === key[0] && waiting.key[1] === key[1];",
        "return waiting?.kind === 'effect' && key.length === 2;",
      ],
    ],
    seed: 10,
    finds: /enters a second time/,
  },
  'submitted again': {
    what: 'a submission that a crash interrupted is not taken up again',
    changes: [
      [
        'src/runtime/runtime.ts',
        'for (const effect of recoveryOrder(open)) begin',
        "for (const effect of recoveryOrder(open)) if (effect.name !== 'submitBlock') begin",
      ],
    ],
    seed: 1,
    finds: /and ended as nothing/,
  },
  'row on its way': {
    what: "a block's rows do not count while their batch is on its way to the disk",
    changes: [['src/journal/slash/slash-rows.ts', 'unsaved.get(name)?.value ?? underway.get(name) ?? load(key)', 'unsaved.get(name)?.value ?? load(key)']],
    seed: 4,
    finds: /two blocks bound/,
  },
  'one flush': {
    what: 'a flush of another parts what the mailbox has for one batch',
    changes: [
      ['src/runtime/runtime.ts', 'await session.journal.flush(async () => {\n    for (const letter', 'await (async () => {\n    for (const letter'],
      [
        'src/runtime/runtime.ts',
        'push(await handle(session, letter, drop));\n  });',
        'push(await handle(session, letter, drop));\n  })();\n  await session.journal.flush();',
      ],
    ],
    seed: 4,
    finds: /a flush of another parted a batch/,
  },
  'form of answers': {
    what: "nobody looks at a signer's answer",
    changes: [
      ['src/effects/answers/checked-ports.ts', 'signer: checkedSigner(signer, watch)', 'signer'],
      ['src/effects/proving.ts', 'await checkVrfProof(bls, key, message, proof);', ''],
    ],
    seed: 73,
    finds: /MINER_POISONED|was not mined|and ended as/,
  },
  'behind is not past': {
    what: 'a head below the base of a bound block is taken for a chain that has gone on',
    changes: [['src/mining/base.ts', "return place === 'ahead' || place === 'beside';", "return place !== 'same';"]],
    seed: 7,
    finds: /was not mined/,
  },
  'clock put back': {
    what: 'a clock that was ahead is waited for before an epoch is begun',
    changes: [['src/streams/clock.ts', 'left > 0 && next - 1 - nowAt() < JUMP_EPOCHS;', 'left > 0;']],
    seed: 39,
    finds: /was begun by nobody/,
  },
  'one in flight': {
    what: 'a block is sent again while a call with it is under way',
    changes: [['src/effects/answers/one-in-flight.ts', 'if (known?.isLost === false) return wait(known.answer);', '']],
    seed: 72,
    finds: /is sent again while a call with it is under way/,
  },
};

/** Copies the house and changes it; throws when the text is not there just once. The caller removes the folder. */
export function brokenBuild({ changes = [] }: Pick<Mutant, 'changes'>): ReturnType<typeof copyOfHouse> {
  const { folder, remove } = copyOfHouse();
  for (const [file, from, to] of changes) {
    const parts = readFileSync(join(folder, file), 'utf8').split(from);
    if (parts.length !== 2) throw new Error(`${file} holds ${parts.length - 1} times what is to be taken out: ${from}`);
    writeFileSync(join(folder, file), parts.join(to));
  }
  return { folder, remove };
}
