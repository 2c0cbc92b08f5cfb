/** The anchor's file: written when the loop is free, whole or not at all, and never silently not. */

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { fromUtf8 } from '../../src/chain/encoding/bytes.ts';
import { openAnchor } from '../../src/journal/store/anchor-file.ts';
import { temporaryFolder } from './fixtures/temporary-folder.ts';

/** A device on which every write fails for want of room. */
const FULL = '/dev/full';

it('is on disk when the loop has turned, the last of several; whoever holds it reads it at once', async () => {
  const path = join(temporaryFolder(), 'anchor');
  const [anchor, beside] = [openAnchor(path), openAnchor(path)];
  expect(beside.read()).toBeUndefined();
  anchor.write(fromUtf8('first and longer'));
  anchor.write(fromUtf8('second'));
  expect(anchor.read()).toEqual(fromUtf8('second'));
  expect(beside.read()).toBeUndefined();
  await turn();
  expect(beside.read()).toEqual(fromUtf8('second'));
  anchor.close();
  beside.close();
});

it('is on disk when it was closed, though the loop never turned', () => {
  const path = join(temporaryFolder(), 'anchor');
  const anchor = openAnchor(path);
  anchor.write(fromUtf8('last'));
  anchor.close();
  const again = openAnchor(path);
  expect(again.read()).toEqual(fromUtf8('last'));
  again.close();
});

it.runIf(existsSync(FULL))('says with the next batch that the one before was not kept', async () => {
  const anchor = openAnchor(FULL);
  anchor.write(fromUtf8('lost'));
  await turn();
  expect(() => anchor.write(fromUtf8('next'))).toThrow('ENOSPC');
  anchor.close();
});
