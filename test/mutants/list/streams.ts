/**
 * What a miner hears and begins: beacon entries, late heads, epochs, who is named (src/streams, src/miner.ts,
 * src/verified-node.ts).
 */

import type { Mutant } from '../mutant.ts';

const streaming = { tests: ['test/streams/streams.test.ts'] } as const;
const verified = { tests: ['test/verified-node.test.ts'] } as const;
const miner = { tests: ['test/miner.test.ts'] } as const;
const HEADS = 'src/streams/heads.ts';
const MINER = 'src/miner.ts';
const VERIFIED = 'src/verified-node.ts';

export const streams: Readonly<Record<string, Mutant>> = {
  'beacon round': {
    what: 'an entry of another round, signed by drand, is taken for the epoch’s',
    change: [VERIFIED, '    if (entry.round !== beaconRound(network, epoch)) return false;\n', ''],
    ...verified,
    named: 'the entry of an epoch',
  },
  "drawn entry's bytes": {
    what: 'base info draws from other bytes than those of the verified entry of its round',
    change: [VERIFIED, 'drawn.round !== own.round || !equalBytes(drawn.data, own.data)', 'drawn.round !== own.round || !equalBytes(drawn.data, drawn.data)'],
    ...verified,
    named: 'entries of a network whose epochs share a round',
  },
  'beacon entries': {
    what: 'beacon entries are kept for ever',
    change: ['src/streams/beacon.ts', '      if (kept.size > KEPT) kept.delete(kept.keys().next().value as Epoch);\n', ''],
    ...streaming,
    named: 'beacon entries',
  },
  'old heads': {
    what: 'late heads of any age are news',
    change: [HEADS, 'age > propagationDelaySecs && age < NEWS_EPOCHS * blockDelaySecs', 'age > propagationDelaySecs && age < NEWS_EPOCHS ** blockDelaySecs'],
    ...streaming,
    named: 'late heads',
  },
  'heads in time': {
    what: 'heads that came in time are news',
    change: [HEADS, 'age > propagationDelaySecs && ', ''],
    ...streaming,
    named: 'late heads',
  },
  'first head': {
    what: 'the first head seen is news',
    change: [HEADS, '    skip(1),\n', '    skip(0),\n'],
    ...streaming,
    named: 'late heads',
  },
  'last epoch': {
    what: 'one epoch is begun past the last',
    change: [MINER, 'if (epoch >= Math.min(lastEpoch, lastMinedEpoch(network))) return;', 'if (epoch > Math.min(lastEpoch, lastMinedEpoch(network))) return;'],
    ...miner,
    named: 'the last that it is to mine',
  },
  'named no more': {
    what: 'miners that are not named any more go on',
    change: [MINER, "if (running && !names.includes(name)) await runtime.command(name, 'stop');", 'if (running && !names.includes(name)) continue;'],
    ...miner,
    named: 'not named any more',
  },
  'named again': {
    what: 'a miner that is named again does not begin',
    change: [MINER, "if (known.get(name)?.running !== true) await runtime.command(name, 'add');", "if (!known.has(name)) await runtime.command(name, 'add');"],
    ...miner,
    named: 'not named any more',
  },
  halted: {
    what: 'a restart puts a halted miner in motion',
    change: ['src/replay/miners.ts', "fenced: command === 'start' ? null : fenced", "fenced: command === 'start' || command === 'add' ? null : fenced"],
    ...miner,
    named: 'halted',
  },
  'halted and started': {
    what: 'naming a miner is a word to start one that was halted',
    change: [
      MINER,
      "if (known.get(name)?.running !== true) await runtime.command(name, 'add');",
      "if (known.get(name)?.running !== true) await runtime.command(name, known.has(name) ? 'start' : 'add');",
    ],
    ...miner,
    named: 'halted',
  },
};
