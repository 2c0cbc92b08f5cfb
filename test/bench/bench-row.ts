/** One measured figure of a benchmark, beside the reference it was measured with in the same run. */

export interface BenchRow {
  readonly name: string;
  readonly median: number;
  /** Of the median, the spread and the reference: `ms`, `µs`, `blocks/s`. */
  readonly unit: string;
  /** Least and greatest of the samples. */
  readonly spread: [number, number];
  /** `ratio` = median / the reference's median. */
  readonly reference?: { readonly name: string; readonly median: number; readonly ratio: number };
  /** What must hold, in words. */
  readonly target?: string;
}
