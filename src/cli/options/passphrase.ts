/**
 * The passphrase that keys lie under: MINEONE_PASSPHRASE, or asked for on the terminal without showing it. Never an
 * argument: those are for all to see.
 */

import { emitKeypressEvents } from 'node:readline';
import { MineOneError } from '../../errors/mineone-error.ts';

const VARIABLE = 'MINEONE_PASSPHRASE';
/** A signal to oneself is heard by then. */
const SIGNAL_MS = 100;

/** `again` for a new one: it is asked for twice. Throws `PASSPHRASE_NEEDED`, `PASSPHRASE_DIFFERS`. */
export async function passphrase({ again }: { readonly again: boolean }): Promise<string> {
  const given = process.env[VARIABLE];
  if (given !== undefined && given !== '') return given;
  if (process.stdin.isTTY !== true) throw new MineOneError('PASSPHRASE_NEEDED', `no terminal to ask for the passphrase: set ${VARIABLE}`);
  const first = await ask('Passphrase: ');
  if (first === '') throw new MineOneError('PASSPHRASE_NEEDED', 'a key without a passphrase would lie open: say one');
  if (again && (await ask('Again: ')) !== first) throw new MineOneError('PASSPHRASE_DIFFERS', 'the two are not the same; nothing was written');
  return first;
}

interface Key {
  readonly name?: string;
  readonly ctrl?: boolean;
}

function ask(prompt: string): Promise<string> {
  const { stdin, stderr } = process;
  stderr.write(prompt);
  emitKeypressEvents(stdin);
  stdin.setRawMode(true);
  stdin.resume();
  return new Promise((resolve, reject) => {
    let typed = '';
    const end = (): void => {
      stdin.off('keypress', press);
      stdin.setRawMode(false);
      stdin.pause();
      stderr.write('\n');
    };
    const press = (text: string | undefined, { name, ctrl }: Key): void => {
      if (ctrl === true && name === 'c') {
        end();
        // The terminal is raw and sends no signal: Ctrl-C is the wish to end all the same, with its exit code.
        process.kill(process.pid, 'SIGINT');
        setTimeout(() => reject(new DOMException('stopped while asking for the passphrase', 'AbortError')), SIGNAL_MS);
      } else if (name === 'return' || name === 'enter') {
        end();
        resolve(typed);
      } else if (name === 'backspace') typed = typed.slice(0, -1);
      else if (text !== undefined && ctrl !== true) typed += text;
    };
    stdin.on('keypress', press);
  });
}
