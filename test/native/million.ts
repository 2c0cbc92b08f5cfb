/**
 * A process of its own that makes a number of native calls and prints its memory along the way: what
 * memory.slow.test.ts looks at. `node --expose-gc --import tsx test/native/million.ts 1000000`
 */

import { loadBls } from '../../native/bls.ts';
import { hostileG2 } from '../contract/bls-points.ts';

const calls = Number(process.argv[2] ?? 1_000_000);
const { bls } = loadBls('native');
const key = new Uint8Array(32).fill(1).with(31, 7);
const message = new Uint8Array(32).fill(2);
const good = { publicKey: bls.publicKey(key), message, signature: bls.sign(key, message) };
const points = hostileG2().map(({ bytes }) => bytes);

/** Every entry and every way out of it; the dear ones seldom. */
async function call(i: number): Promise<void> {
  if (i % 2000 === 0) await dear();
  else if (i % 200 === 1) bls.publicKey(key);
  else if (i % 50 === 9) bls.verify({ ...good, signature: points[i % points.length] ?? message });
  else if (i % 20 === 2) refused(() => bls.aggregate([good.signature.subarray(1)]));
  else if (i % 20 === 3) await bls.verifyAsync({ ...good, publicKey: message });
  else if (i % 20 === 4) refused(() => bls.sign(message.subarray(2), message));
  else if (i % 20 === 5) bls.keygen(message);
  else if (i % 20 === 6) bls.aggregate([]);
  else if (i % 20 === 7) bls.verifyBatch([{ ...good, publicKey: message }, good]);
  else if (i % 20 === 8) await bls.signAsync(message.subarray(1), message).catch(() => undefined);
  else bls.verify({ ...good, publicKey: message });
}

async function dear(): Promise<void> {
  await bls.signAsync(key, message);
  await bls.verifyAsync(good);
  bls.sign(key, message);
  bls.signG1(key, message);
  bls.publicKeyG2(key);
  bls.aggregate([good.signature, good.signature]);
  bls.verifyBatch(new Array(16).fill(good));
  await bls.aggregateVerifyAsync([good.publicKey], [message], good.signature);
}

function refused(act: () => unknown): void {
  try {
    act();
  } catch {
    return;
  }
  throw new Error('expected a refusal');
}

/** Resident bytes once the collector has had its say. */
async function resident(): Promise<number> {
  for (let i = 0; i < 4; i++) {
    globalThis.gc?.();
    await new Promise((done) => setTimeout(done, 20));
  }
  return process.memoryUsage.rss();
}

for (let i = 0; i < calls / 5; i++) await call(i);
const marks = [await resident()];
for (let part = 0; part < 5; part++) {
  for (let i = 0; i < calls / 5; i++) await call(i);
  marks.push(await resident());
}
console.log(JSON.stringify({ calls, marks }));
