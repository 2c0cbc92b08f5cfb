/**
 * What a journal asks of the place it lies in: sorted keys, reads at once, and batches that are on disk whole or not at
 * all when their promise resolves.
 */

export type StoreOp = { readonly type: 'put'; readonly key: Uint8Array; readonly value: Uint8Array } | { readonly type: 'del'; readonly key: Uint8Array };

export interface Store {
  get(key: Uint8Array): Uint8Array | undefined;
  /** Resolves when all of it is synced; when it rejects, nobody knows whether it is. */
  write(ops: readonly StoreOp[]): Promise<void>;
  /** Entries with `from` <= key < `to`, in order of their bytes. */
  range(from: Uint8Array, to: Uint8Array): AsyncIterable<readonly [key: Uint8Array, value: Uint8Array]>;
  /** The last entry with `from` <= key < `to`. */
  last(from: Uint8Array, to: Uint8Array): Promise<readonly [key: Uint8Array, value: Uint8Array] | undefined>;
  /** Gives the room of what was deleted between two keys back to the disk, where it is not given back at once. */
  compact(from: Uint8Array, to: Uint8Array): Promise<void>;
  /** What {@link setAnchor} last kept; `undefined` when nothing ever was. */
  anchor(): Uint8Array | undefined;
  /**
   * Keeps up to 64 bytes beside the database and not in it, against a database that comes back shorter than it was.
   * Outlives the process as soon as its loop is free, the machine when the system has written it: after a kill or a
   * power cut it may be older than the database, never newer.
   */
  setAnchor(bytes: Uint8Array): void;
  /**
   * Throws `JOURNAL_MOVED` when what is written does not go where it was opened any more, or another process may write
   * there too.
   */
  checkPlace(): void;
  close(): Promise<void>;
}
