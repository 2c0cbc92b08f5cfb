/**
 * A process that opens a journal, as another user where it is told to, and binds a block of each epoch that it is sent;
 * answers with the verdict, or with the code of what went wrong.
 */

import { cidOf } from '../../../dist/src/chain/encoding/cid.js';
import { openJournal } from '../../../dist/src/journal/journal.js';
import { openLevelStore } from '../../../dist/src/journal/store/level-store.js';
import { bindWith } from '../../../dist/src/runtime/bind.js';

const [folder, user] = process.argv.slice(2);
if (user !== undefined) {
  process.setgroups([]);
  process.setgid(Number(user));
  process.setuid(Number(user));
}

const cid = (...bytes) => cidOf(Uint8Array.from(bytes)).bytes;

async function bind(journal, epoch) {
  const base = { height: epoch - 1, timestamp: 0, parents: new Uint8Array(0), blocks: [{ cid: cid(200, epoch), ticket: new Uint8Array(96) }] };
  const input = { miner: 'f01000', epoch, cid: cid(epoch, process.pid % 251), base, block: new Uint8Array(9) };
  const verdict = bindWith(journal)(input, journal.next());
  journal.add({
    at: 0,
    stream: `f01000/${epoch}`,
    input: { type: 'result', actor: 'create', id: 'createBlock', key: [0, 0], ok: true, value: null },
    steps: [{ actor: 'create', from: 'creating', to: 'binding', effects: [{ n: 0, name: 'bind', input }], digest: new Uint8Array(8) }],
    binds: [{ n: 0, verdict }],
    outcome: null,
  });
  await journal.flush();
  return verdict.verdict;
}

try {
  const journal = await openJournal(await openLevelStore(folder));
  process.on('message', (epoch) =>
    bind(journal, epoch).then(
      (verdict) => process.send(verdict),
      ({ code }) => process.send(code),
    ),
  );
  process.send('open');
} catch ({ code, message }) {
  process.send(`${code}: ${message}`);
  process.disconnect();
}
