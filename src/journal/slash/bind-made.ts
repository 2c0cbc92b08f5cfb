/** The blocks that a record bound, as its steps asked for them and its verdicts answered. */

import { idOf, parseAddress } from '../../chain/address.ts';
import { decodeCid } from '../../chain/encoding/cid.ts';
import { askedOf } from '../../mining/effects.ts';
import type { JournalRecord } from '../format/record.ts';
import type { Value } from '../format/value.ts';
import type { BindAsked } from './slash-rows.ts';

const BIND = 'bind';

/** Only those that passed. Throws when an input is not a bind's. */
export function bindsOf({ steps, binds }: Pick<JournalRecord, 'steps' | 'binds'>): readonly BindAsked[] {
  const passed = new Set(binds.filter(({ verdict }) => (verdict as { readonly verdict?: Value }).verdict === 'bound').map(({ n }) => n));
  const asked = steps.flatMap(({ effects }) => effects).filter(({ n, name }) => name === BIND && passed.has(n));
  return asked.map(({ input }) => bindAsked(input));
}

/** A bind effect's input as the slash filter is asked. */
export function bindAsked(input: Value): BindAsked {
  const { miner, epoch, cid, base } = askedOf('bind', input);
  return { minerId: idOf(parseAddress(miner)), cid: decodeCid(cid), epoch, parents: base.blocks.map((block) => decodeCid(block.cid)), baseHeight: base.height };
}
