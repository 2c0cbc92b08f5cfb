/**
 * A fresh home and a folder with the files that README, docs and help texts speak of: there printed commands are run,
 * in bash, as a reader would.
 */

import { spawn, spawnSync } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { chmodSync, copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { sharedData } from '../../shared-data.ts';
import { entry, finished, type Ran, root } from '../run.ts';
import { zstdFrame } from './zstd-frame.ts';

/** A key as `lotus wallet export` prints it. */
const KEY = Buffer.from(JSON.stringify({ Type: 'bls', PrivateKey: 'BwAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=' })).toString('hex');
/** Of a key of worker.key: what f3… stands for. */
const ADDRESS = 'f3stoejwetusieeo2rwlrxnw4btbp74fgbgdajlixqb4fvjiiggevkfgxfl6ql76vczuu6obhcnlbtp3kzxuxq';

export const mainnet = sharedData('mainnet/mainnet-0-39.car');
/** Whether folders of the system can be others for one command alone. */
export const canMount = spawnSync('unshare', ['-rm', 'mount', '-t', 'tmpfs', 'none', '/mnt']).status === 0;
/** Folders of the system that printed commands name. */
const MOUNTED = ['/mnt', '/var/lib', '/etc'];

export interface Place {
  /** `until`: what is printed before Ctrl-C is typed. */
  run(command: string, until?: RegExp): Promise<Ran>;
  remove(): void;
}

export const needsMount = (command: string): boolean => MOUNTED.some((folder) => command.includes(`${folder}/`));

export async function makePlace(): Promise<Place> {
  const base = mkdtempSync(join(tmpdir(), 'mineone-test-printed-'));
  const [home, cwd, bin] = ['home', 'cwd', 'bin'].map((name) => join(base, name)) as [string, string, string];
  for (const folder of [home, cwd, bin, join(base, 'mnt/elsewhere'), join(base, 'var/lib'), join(base, 'etc'), join(base, 'run')])
    mkdirSync(folder, { recursive: true });
  program(join(bin, 'mineone'), `exec '${process.execPath}' '${join(root, ...entry)}' "$@"`);
  program(join(bin, 'lotus'), `echo ${KEY}`);
  writeFileSync(join(base, 'etc/mineone.toml'), "network = 'calibnet'\n");
  fill(cwd);
  const place: Place = {
    run(command, until) {
      const line = command.replaceAll('f3…', ADDRESS);
      const mounts = MOUNTED.map((folder) => `mount --bind '${join(base, folder)}' ${folder}`).join(' && ');
      const words = needsMount(command) ? ['unshare', '-rm', 'bash', '-c', `${mounts} && cd '${cwd}' && ${line}`] : ['bash', '-c', `set -o pipefail; ${line}`];
      const env = { ...process.env, HOME: home, PATH: `${bin}:${process.env['PATH']}`, XDG_RUNTIME_DIR: join(base, 'run'), MINEONE_PASSPHRASE: 'of a test' };
      // npm is for a checkout.
      const from = command.startsWith('npm ') ? root : cwd;
      const child = spawn(words[0] as string, words.slice(1), { cwd: from, env, detached: true });
      child.stdin.end();
      if (until !== undefined) interruptAfter(child, until);
      return finished(child);
    },
    remove: () => rmSync(base, { recursive: true, force: true }),
  };
  // A journal of five epochs where the commands look that name none, and one of them as a file.
  for (const command of ['mineone devnet --speed max --epochs 5 --data ~/.mineone', 'mineone journal export --epoch 4 --miner f01000']) {
    const { code, stderr } = await place.run(command);
    if (code !== 0) throw new Error(`${command} ended with ${code}: ${stderr}`);
  }
  return place;
}

function program(path: string, line: string): void {
  writeFileSync(path, `#!/bin/sh\n${line}\n`);
  chmodSync(path, 0o755);
}

/** Files that the texts take for given. */
function fill(cwd: string): void {
  const cassette = join(root, 'test/cassette');
  mkdirSync(join(cwd, 'test'));
  symlinkSync(cassette, join(cwd, 'test/cassette'));
  copyFileSync(join(cassette, 'devnet-2k.car.gz'), join(cwd, 'chain.car.gz'));
  writeFileSync(join(cwd, 'chain.car'), gunzipSync(readFileSync(join(cassette, 'devnet-2k.car.gz'))));
  copyFileSync(join(cassette, 'devnet-2k.network.json'), join(cwd, 'my-network.json'));
  copyFileSync(join(cassette, 'devnet-worker-key.json'), join(cwd, 'worker.key'));
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  writeFileSync(join(cwd, 'seal.pem'), privateKey.export({ type: 'pkcs8', format: 'pem' }));
  writeFileSync(join(cwd, 'seal.pub.pem'), publicKey.export({ type: 'spki', format: 'pem' }));
  if (mainnet.absent !== false) return;
  copyFileSync(mainnet.path, join(cwd, 'mainnet.car'));
  writeFileSync(join(cwd, 'snapshot.car.zst'), zstdFrame(readFileSync(mainnet.path)));
}

/** As the terminal does it: to the whole group of processes, once. */
function interruptAfter(child: ReturnType<typeof spawn>, until: RegExp): void {
  let [text, isAsked] = ['', false];
  child.stdout?.on('data', (more: string) => {
    text += more;
    if (isAsked || !until.test(text)) return;
    isAsked = true;
    process.kill(-(child.pid as number), 'SIGINT');
  });
}
