/**
 * What a start finds past an upgrade that its network names and this version does not know, begun by one that did not
 * hear of it.
 */

import type { Epoch } from '../chain/epoch.ts';
import { MineOneError } from '../errors/mineone-error.ts';
import { epochStream } from '../mining/stream.ts';
import { pastUpgrade } from './bind.ts';
import type { Session } from './session.ts';

/**
 * Each such epoch ends before it can bind; what it has bound is not sent again, and its rows go on forbidding another.
 */
export async function giveUpBeyond(session: Session, last: Epoch, onFault: (fault: MineOneError) => void): Promise<void> {
  for (const [stream, { start }] of [...session.world.streams]) {
    const epoch = epochStream(stream)?.epoch ?? 0;
    if (epoch <= last || start.machine === 'fate') continue;
    await session.handle(stream, { type: 'abandoned', why: 'upgrade-unknown' });
    session.later(() => onFault(new MineOneError('UPGRADE_UNKNOWN', `${stream} is given up: ${pastUpgrade(epoch, last)}`)));
  }
}
