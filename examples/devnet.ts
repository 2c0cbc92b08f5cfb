/**
 * A miner of your own process on a chain of its own: two miners mine a few epochs, then everything recorded is computed
 * again. Run: node examples/devnet.js
 */

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createMiner } from 'mineone';
import { keySigner } from 'mineone/adapters/key-signer';
import { mockProver } from 'mineone/adapters/mock-prover';
import { systemClock } from 'mineone/adapters/system-clock';
import { createDevnet } from 'mineone/devnet';
import { loadBls } from 'mineone/native/bls';

const EPOCHS = 4;
const { bls } = loadBls();
const clock = systemClock();
const devnet = createDevnet({
  seed: 'an example',
  clock,
  bls,
  miners: 2,
  blockDelaySecs: 2,
  propagationDelaySecs: 0.5,
  equivocationDelaySecs: 0.25,
});
const dataDir = mkdtempSync(join(tmpdir(), 'mineone-example-'));

const miner = await createMiner({
  network: devnet.network,
  miners: devnet.miners.map(({ name }) => name),
  node: devnet.node,
  signer: keySigner(
    bls,
    devnet.miners.map(({ privateKey }) => privateKey),
  ),
  prover: mockProver(),
  clock,
  bls,
  dataDir,
  lastEpoch: EPOCHS,
});

const over = new Promise<void>((resolve) => {
  miner.outcomes$.subscribe(({ miner: name, epoch, outcome }) => {
    console.log(`${name} epoch ${epoch}: ${outcome.outcome}`);
    if (epoch === EPOCHS) resolve();
  });
});
devnet.start();
await miner.start();
await over;
await miner.stop();
await devnet.stop();
rmSync(dataDir, { recursive: true });
