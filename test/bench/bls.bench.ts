/**
 * BLS: the addon from Node beside the same functions in Rust alone, a batch of VRFs beside one by one, JavaScript
 * beside both. `npx tsx test/bench/bls.bench.ts`
 *
 * Method: rounds of each side in turn, so that what else the machine does hits both. Figures are rates, so that a ratio
 * above 1 is faster.
 */

import { type ChildProcessByStdio, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { availableParallelism, cpus, loadavg } from 'node:os';
import { createInterface, type Interface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { loadBls } from '../../native/bls.ts';
import type { Bls, SignedDigest } from '../../src/consensus/signatures/bls.ts';
import { nobleBls } from '../../src/consensus/signatures/noble.ts';
import type { BenchRow } from './bench-row.ts';

/** As in native/bls/examples/bench.rs. */
const KEY = new Uint8Array(32).fill(1).with(31, 7);
const MESSAGE = new Uint8Array(32).fill(2);

const ROUNDS = 41;
const CALLS = 50;
const VRFS = 66;

/** Without the addon or without cargo the rows that need them are left out, and it is said why on stderr. */
export async function run(): Promise<BenchRow[]> {
  const { bls, note } = loadBls();
  const noble = nobleBls();
  if (bls.name !== 'native') {
    console.error(`no native rows: ${note ?? 'MINEONE_BLS=noble'}`);
    return alone(noble);
  }
  return [...(await besideRust(bls)), batch(bls), await promises(bls), ...alone(noble)];
}

async function besideRust(bls: Bls): Promise<BenchRow[]> {
  const rust = startRust();
  if (rust === null) return [];
  try {
    return [await interleaved('sign', () => bls.sign(KEY, MESSAGE), rust), await interleaved('verify', always(bls, signed(bls, KEY, MESSAGE)), rust)];
  } finally {
    rust.stop();
  }
}

async function interleaved(name: string, call: () => unknown, rust: Rust): Promise<BenchRow> {
  const [ours, theirs]: [number[], number[]] = [[], []];
  for (let round = -3; round < ROUNDS; round++) {
    const [node, alone] = [perSecond(call, CALLS), (CALLS * 1e9) / (await rust.nanos(name, CALLS))];
    if (round < 0) continue;
    ours.push(node);
    theirs.push(alone);
  }
  return row(`BLS ${name}, addon from Node`, 'calls/s', ours, { name: 'the same functions in Rust alone', samples: theirs, target: 'ratio >= 0.95' });
}

function batch(bls: Bls): BenchRow {
  const vrfs = Array.from({ length: VRFS }, (_, i) => signed(bls, KEY.with(0, i), MESSAGE.with(0, i)));
  const must = (verdict: boolean) => {
    if (!verdict) throw new Error('a good signature was refused');
  };
  const [together, single]: [number[], number[]] = [[], []];
  for (let round = 0; round < ROUNDS; round++) {
    single.push(VRFS * perSecond(() => must(vrfs.every((vrf) => bls.verify(vrf))), 1));
    together.push(VRFS * perSecond(() => must(bls.verifyBatch(vrfs)), 1));
  }
  return row(`BLS batch of ${VRFS} VRFs, addon`, 'VRFs/s', together, { name: 'one by one', samples: single, target: 'ratio >= 2.3' });
}

async function promises(bls: Bls): Promise<BenchRow> {
  const [later, now]: [number[], number[]] = [[], []];
  for (let i = 0; i < 200; i++) {
    const start = process.hrtime.bigint();
    await bls.signAsync(KEY, MESSAGE);
    later.push(1e9 / Number(process.hrtime.bigint() - start));
    now.push(perSecond(() => bls.sign(KEY, MESSAGE), 1));
  }
  return row('BLS sign as a promise, addon', 'calls/s', later, { name: 'the plain call', samples: now });
}

function alone(noble: Bls): BenchRow[] {
  const verify = always(noble, signed(noble, KEY, MESSAGE));
  const rounds = (call: () => unknown) => Array.from({ length: 21 }, () => perSecond(call, 2));
  return [
    row(
      'BLS sign, JavaScript',
      'calls/s',
      rounds(() => noble.sign(KEY, MESSAGE)),
    ),
    row('BLS verify, JavaScript', 'calls/s', rounds(verify)),
  ];
}

function always(bls: Bls, one: SignedDigest): () => void {
  return () => {
    if (!bls.verify(one)) throw new Error('a good signature was refused');
  };
}

function signed(bls: Bls, key: Uint8Array, message: Uint8Array): SignedDigest {
  return { publicKey: bls.publicKey(key), message, signature: bls.sign(key, message) };
}

function perSecond(call: () => unknown, calls: number): number {
  const start = process.hrtime.bigint();
  for (let i = 0; i < calls; i++) call();
  return (calls * 1e9) / Number(process.hrtime.bigint() - start);
}

interface Reference {
  readonly name: string;
  readonly samples: readonly number[];
  readonly target?: string;
}

function row(name: string, unit: string, samples: readonly number[], beside?: Reference): BenchRow {
  const middle = median(samples);
  const spread: [number, number] = [rounded(Math.min(...samples)), rounded(Math.max(...samples))];
  const found = { name, median: rounded(middle), unit, spread };
  if (beside === undefined) return found;
  const other = median(beside.samples);
  const reference = { name: beside.name, median: rounded(other), ratio: rounded(middle / other) };
  return beside.target === undefined ? { ...found, reference } : { ...found, reference, target: beside.target };
}

function median(samples: readonly number[]): number {
  return samples.toSorted((a, b) => a - b)[samples.length >> 1] ?? Number.NaN;
}

function rounded(value: number): number {
  return Number(value.toPrecision(4));
}

interface Rust {
  nanos(what: string, calls: number): Promise<number>;
  stop(): void;
}

/** Builds and starts examples/bench.rs; null, and the reason on stderr, without cargo. */
function startRust(): Rust | null {
  const crate = fileURLToPath(new URL('../../native/bls/', import.meta.url));
  const built = spawnSync('cargo', ['build', '--quiet', '--release', '--locked', '--no-default-features', '--example', 'bench'], {
    cwd: crate,
    stdio: 'inherit',
  });
  if (built.error !== undefined || built.status !== 0) {
    console.error(`no rows beside Rust alone: cargo build --example bench: ${built.error?.message ?? built.status}`);
    return null;
  }
  const child: ChildProcessByStdio<Writable, Readable, null> = spawn(`${crate}target/release/examples/bench`, { stdio: ['pipe', 'pipe', 'inherit'] });
  const lines: Interface = createInterface(child.stdout);
  return {
    async nanos(what, calls) {
      child.stdin.write(`${what} ${calls}\n`);
      const [line] = await once(lines, 'line');
      return Number(line);
    },
    stop: () => child.stdin.end(),
  };
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const [{ model } = { model: 'unknown processor' }] = cpus();
  const machine = `${model}, ${availableParallelism()} threads, ${process.platform} ${process.arch}, Node ${process.version}, load ${loadavg()[0]}`;
  console.log(JSON.stringify({ machine, method: `${ROUNDS} rounds of ${CALLS} calls, the sides in turn; spread is the least and the greatest round` }));
  for (const found of await run()) console.log(JSON.stringify(found));
}
