/**
 * What README shows: a miner of your own process, whose ports are those of the embedded chain. It mines four epochs of
 * two seconds. Run: node examples/embedding.js
 */

import { createMiner } from 'mineone';
import { keySigner } from 'mineone/adapters/key-signer';
import { mockProver } from 'mineone/adapters/mock-prover';
import { systemClock } from 'mineone/adapters/system-clock';
import { createDevnet } from 'mineone/devnet';
import { loadBls } from 'mineone/native/bls';
import { filter, firstValueFrom } from 'rxjs';

const { bls } = loadBls();
const devnet = createDevnet({
  seed: 'an embedding',
  clock: systemClock(),
  bls,
  miners: 1,
  blockDelaySecs: 2,
  propagationDelaySecs: 0.5,
  equivocationDelaySecs: 0.25,
});
const { network, node } = devnet;
const signer = keySigner(
  bls,
  devnet.miners.map(({ privateKey }) => privateKey),
);
const prover = mockProver();
devnet.start();

const miner = await createMiner({
  network,
  miners: ['f01000'],
  node,
  signer,
  prover,
  dataDir: './journal',
});
// All records from the first on, then each new one, after it is on disk.
miner.transitions$.from(0).subscribe(({ seq, stream }) => {
  console.log(seq, stream);
});
miner.outcomes$.subscribe(({ miner: name, epoch, outcome }) => {
  console.log(name, epoch, outcome.outcome);
});
await miner.start();
await firstValueFrom(miner.outcomes$.pipe(filter(({ epoch }) => epoch === 4)));
await miner.replay({ epoch: 4 }); // computes each step again and compares
// Sends the blocks that are signed and still in time, then ends.
await miner.stop();

await devnet.stop();
