/**
 * Simulations in processes of their own, so that every core works: compiled once, and run with what suits many short
 * lives.
 */

import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { compiled, ROOT } from './build.ts';
import type { RunReport } from './run.ts';

/**
 * An error is looked at by its words. As many processes as cores have nobody to help them: each compiles and clears
 * away by itself, which is less work than sharing it out, and what a buffer held is given back by the thread that takes
 * the next one.
 */
const FLAGS = ['--stack-trace-limit=0', '--single-threaded', '--min-semi-space-size=32', '--max-semi-space-size=32'];
/**
 * As many buffers as a life has at a time are kept at hand, and none is given back to the system; only glibc reads
 * this.
 */
const TUNABLES = 'glibc.malloc.tcache_count=65000:glibc.malloc.mxfast=0:glibc.malloc.trim_threshold=1000000000';

/** Runs `run.ts` of a folder with these arguments and reads its report; rejects when there is none. */
export function runSeeds(args: readonly string[], folder: string = ROOT): Promise<RunReport> {
  const child = spawn(process.execPath, [...FLAGS, join(compiled(folder), 'test/simulation/run.js'), '--json', ...args], {
    cwd: folder,
    env: { ...process.env, GLIBC_TUNABLES: TUNABLES },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const said = { out: '', err: '' };
  child.stdout.on('data', (text) => {
    said.out += text;
  });
  child.stderr.on('data', (text) => {
    said.err += text;
  });
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => {
      if ((code === 0 || code === 1) && said.out.startsWith('{')) resolve(JSON.parse(said.out) as RunReport);
      else reject(new Error(`a simulation ended with ${code}: ${said.err.slice(-2000)}${said.out.slice(-500)}`));
    });
  });
}

/** The seeds from one on, dealt out to so many processes. */
export function runInCrew(seeds: number, from: number, processes: number): Promise<readonly RunReport[]> {
  const deal = (i: number): number => Math.ceil((seeds - i) / processes);
  return Promise.all(
    Array.from({ length: processes }, (_, i) => runSeeds(['--seeds', String(deal(i)), '--from', String(from + i), '--step', String(processes)])),
  );
}
