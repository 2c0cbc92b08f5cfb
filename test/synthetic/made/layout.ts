/**
 * The three layouts that made-up states are written in, one for each shape of tree (docs/protocol.md 4.4 to 4.6):
 * actors v0, v2 and v18.
 */

import { type CID, parseCid } from '../../../src/chain/encoding/cid.ts';
import { BUILTIN_CODE_PREFIX, BUILTIN_CODES } from '../../../src/chain/state/builtin-codes.ts';
import { namedCode } from '../../chain/state/synthetic-state.ts';

/** Numbers of fields, and the places of those that rules read. */
export interface MadeLayout {
  readonly actors: 0 | 2 | 18;
  readonly tree: 0 | 1 | 5;
  readonly code: (name: string) => CID;
  readonly power: { readonly fields: number; readonly claims: number };
  readonly miner: { readonly fields: number; readonly feeDebt: number | null; readonly sectors: number; readonly deadlines: number };
  readonly info: { readonly fields: number; readonly faultElapsed: number | null };
  readonly deadlineFields: number;
  readonly partition: {
    readonly fields: number;
    readonly unproven: number | null;
    readonly faults: number;
    readonly recoveries: number;
    readonly terminated: number;
  };
  readonly sectorFields: number;
}

export const ACTORS_V0: MadeLayout = {
  actors: 0,
  tree: 0,
  code: (name) => namedCode(1, name),
  power: { fields: 16, claims: 14 },
  miner: { fields: 13, feeDebt: null, sectors: 8, deadlines: 11 },
  info: { fields: 9, faultElapsed: null },
  deadlineFields: 7,
  partition: { fields: 9, unproven: null, faults: 1, recoveries: 2, terminated: 3 },
  sectorFields: 11,
};

export const ACTORS_V2: MadeLayout = {
  actors: 2,
  tree: 1,
  code: (name) => namedCode(2, name),
  power: { fields: 15, claims: 13 },
  miner: { fields: 14, feeDebt: 4, sectors: 9, deadlines: 12 },
  info: { fields: 11, faultElapsed: 9 },
  deadlineFields: 7,
  partition: { fields: 11, unproven: 1, faults: 2, recoveries: 3, terminated: 4 },
  sectorFields: 13,
};

export const ACTORS_V18: MadeLayout = {
  actors: 18,
  tree: 5,
  code: codeV18,
  power: { fields: 17, claims: 15 },
  miner: { fields: 15, feeDebt: 4, sectors: 9, deadlines: 12 },
  info: { fields: 14, faultElapsed: 9 },
  deadlineFields: 13,
  partition: { fields: 11, unproven: 1, faults: 2, recoveries: 3, terminated: 4 },
  sectorFields: 16,
};

/** The first of the codes that the networks have for it. */
function codeV18(name: string): CID {
  const code = new RegExp(`^${name} (?:18|\\d+-18|18-19)\\n  (\\S+)`, 'm').exec(BUILTIN_CODES)?.[1];
  if (code === undefined) throw new Error(`no code of ${name} in actors v18`);
  return parseCid(BUILTIN_CODE_PREFIX + code);
}
