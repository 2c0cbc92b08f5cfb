/** Effects by their names, as calls of the ports: plain data in, chain nouns to the port, plain data back. */

import { lastMinedEpoch } from '../consensus/network/horizon.ts';
import type { NetworkParams } from '../consensus/network/network.ts';
import { MineOneError } from '../errors/mineone-error.ts';
import type { Value } from '../journal/format/value.ts';
import { EFFECTS, isEffectName } from '../mining/effects.ts';
import { epochStream } from '../mining/stream.ts';
import { pause } from '../pause.ts';
import { pastUpgrade } from '../runtime/bind.ts';
import type { Perform } from '../runtime/options.ts';
import { ANSWER_MS, answeredBy } from './answer-in-time.ts';
import { knownBases } from './answers/bases.ts';
import { asking } from './asking.ts';
import { ofBlock } from './block.ts';
import type { Performers, Ports } from './performers.ts';
import { proving } from './proving.ts';

/** Throws `EFFECT_UNKNOWN` for a name that no port answers to. */
export function performWith(ports: Ports): Perform {
  const bases = knownBases();
  const performers: Performers = { ...waiting(ports), ...asking(ports, bases), ...proving(ports), ...ofBlock(ports, bases) };
  return async (name, input, context) => {
    if (!isEffectName(name) || name === 'bind') throw new MineOneError('EFFECT_UNKNOWN', `no port performs the effect ${name}`);
    const { underKnownRules, givenUp } = EFFECTS[name];
    if (underKnownRules) checkKnown(ports.network, context.stream);
    // What a machine asked has the form that its name says: the charts are compiled against the same table.
    const asked = (): Promise<unknown> => performers[name](input as never, context);
    return (await (givenUp === 'in-time' ? answeredBy(ports.clock, name, ports.clock.now() + ANSWER_MS, asked) : asked())) as Value;
  };
}

/** Throws `UPGRADE_UNKNOWN`. */
function checkKnown(network: NetworkParams, stream: string): void {
  const [epoch, last] = [epochStream(stream)?.epoch ?? 0, lastMinedEpoch(network)];
  if (epoch > last) throw new MineOneError('UPGRADE_UNKNOWN', pastUpgrade(epoch, last));
}

function waiting({ clock }: Ports): Pick<Performers, 'alarm'> {
  return {
    async alarm({ at, within }, { signal }) {
      const rings = clock.until(at, signal);
      await (within === undefined ? rings : Promise.race([rings, pause(clock, within, signal)]));
      return null;
    },
  };
}
