/** Actor codes: the published list, the codes that are their own name, and the unknown. */

import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { cidOf, parseCid } from '../../../src/chain/encoding/cid.ts';
import { actorKind, knownActorKind } from '../../../src/chain/state/actor-code.ts';
import { BUILTIN_CODES } from '../../../src/chain/state/builtin-codes.ts';
import { UnknownLayoutError } from '../../../src/errors/mineone-error.ts';
import { sharedData, suiteName } from '../../shared-data.ts';
import { namedCode } from './synthetic-state.ts';

const list = sharedData('actor-codes.jsonl');

describe('actor codes', () => {
  test.skipIf(list.absent)(suiteName('all published codes, and no others', list.absent), () => {
    const rows = readFileSync(list.path, 'utf8').trim().split('\n');
    for (const row of rows) {
      const { code, name, versions } = JSON.parse(row) as { code: string; name: string; versions: number[] };
      expect(actorKind(parseCid(code))).toEqual({ name, versions });
    }
    expect(BUILTIN_CODES.match(/^ .*$/gm)?.flatMap((line) => line.trim().split(' '))).toHaveLength(rows.length);
  });

  test('a few of them', () => {
    // Mainnet's account v8, devnets' system v18 and v19, every network's placeholder.
    expect(actorKind(parseCid('bafk2bzacedudbf7fc5va57t3tmo63snmt3en4iaidv4vo3qlyacbxaa6hlx6y'))).toEqual({ name: 'account', versions: [8] });
    expect(actorKind(parseCid('bafk2bzacedced5maxljwmavukjvtnmknpzoullfcwk3upaz5x5hvvdl2pk24e'))).toEqual({ name: 'system', versions: [18, 19] });
    // Mainnet's account v19.0.1, of Solstice.
    expect(actorKind(parseCid('bafk2bzacecgttsyulmd4r2y64iw64x2t4w7tkh636tbtkemy37ume6fxtcjuu'))).toEqual({ name: 'account', versions: [19] });
    expect(actorKind(parseCid('bafk2bzacedfvut2myeleyq67fljcrw4kkmn5pb5dpyozovj7jpoez5irnc3ro')).name).toBe('placeholder');
  });

  test('up to v7 a code says its name; 1 is version 0', () => {
    expect(actorKind(namedCode(1, 'account'))).toEqual({ name: 'account', versions: [0] });
    expect(actorKind(parseCid('bafkqaetgnfwc6mjpon2g64tbm5sw22lomvza'))).toEqual({ name: 'storageminer', versions: [0] });
    for (let family = 2; family <= 7; family++) expect(actorKind(namedCode(family, 'storagepower'))).toEqual({ name: 'storagepower', versions: [family] });
  });

  test.each([
    ['a version that never was', namedCode(8, 'account'), 'fil/8/account'],
    ['a name that never was', namedCode(3, 'bank'), 'fil/3/bank'],
    ['more than a name', namedCode(3, 'account/x'), 'fil/3/account/x'],
    ['a hash of something else', cidOf(Uint8Array.of(1)), cidOf(Uint8Array.of(1)).toString()],
  ])('%s is unknown, and named', (_, code, said) => {
    expect(knownActorKind(code)).toBeNull();
    expect(() => actorKind(code)).toThrow(UnknownLayoutError);
    expect(() => actorKind(code)).toThrow(said);
  });
});
