/** Samples of a short act: batches long enough for the clock, warmed up first. */

import { availableParallelism, cpus, loadavg } from 'node:os';
import { performance } from 'node:perf_hooks';

export interface SampleOptions {
  /** Acts a batch. */
  readonly batch: number;
  readonly samples?: number;
  readonly warmUp?: number;
}

/** Microseconds an act, one figure a batch. */
export function sampleMicros(act: () => unknown, { batch, samples = 41, warmUp = 5 }: SampleOptions): readonly number[] {
  let sink: unknown;
  const once = (): number => {
    const start = performance.now();
    for (let i = 0; i < batch; i++) sink = act();
    return ((performance.now() - start) * 1000) / batch;
  };
  for (let i = 0; i < warmUp; i++) once();
  const times = Array.from({ length: samples }, once);
  if (sink === undefined) throw new Error('nothing was measured');
  return times;
}

/** Two acts in turn, so that a machine whose speed drifts is as fast for one as for the other. */
export function samplePair(a: () => unknown, b: () => unknown, options: SampleOptions): readonly [readonly number[], readonly number[]] {
  const pair: [number[], number[]] = [[], []];
  for (let i = 0; i < (options.samples ?? 41); i++) {
    pair[0].push(...sampleMicros(a, { ...options, samples: 1, warmUp: i === 0 ? 5 : 0 }));
    pair[1].push(...sampleMicros(b, { ...options, samples: 1, warmUp: i === 0 ? 5 : 0 }));
  }
  return pair;
}

/** Median, least and greatest of samples in any order. */
export function summary(samples: readonly number[]): { readonly median: number; readonly spread: [number, number] } {
  const sorted = samples.toSorted((a, b) => a - b);
  const at = (index: number): number => sorted[index] ?? Number.NaN;
  return { median: at(sorted.length >> 1), spread: [at(0), at(sorted.length - 1)] };
}

/** The machine, in one line, for whoever reads the figures later. */
export function machine(): string {
  return `${cpus()[0]?.model ?? 'unknown processor'}, ${availableParallelism()} threads, ${process.platform} ${process.arch}, Node ${process.version}, load ${loadavg()[0]?.toFixed(1)}`;
}
