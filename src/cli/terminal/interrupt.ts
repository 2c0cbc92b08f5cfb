/**
 * Ctrl-C and the other wishes that a command end: it is told once and given time to close; asked again, or not
 * listening, it is ended (docs/commands.md, «Told to end»).
 */

const GRACE_MS = 3000;
/** One wish comes twice where a terminal tells the whole group of processes and npm or a shell passes it on as well. */
const SAME_WISH_MS = 300;
/**
 * 128 and the signal's number, as a shell tells it; to systemd each is a failure, so that what it did not stop itself
 * it starts again.
 */
const exits = { SIGHUP: 129, SIGINT: 130, SIGQUIT: 131, SIGTERM: 143 } as const;

type Wish = keyof typeof exits;

const controller = new AbortController();

/** Aborted at the first of these signals: what runs long watches it, stops, and closes what it holds. */
export const interruption: AbortSignal = controller.signal;

let exit: number | undefined;
/** How often it was asked: not yet, once just now, or long enough ago that another wish is a new one. */
let asked: 'no' | 'just now' | 'before' = 'no';
let patient = false;

/** Said by a command that, once told, ends by itself, however long that takes: only being asked again cuts it short. */
export function closeInOwnTime(): void {
  patient = true;
}

/** The exit code that an interruption asks for, or undefined where there was none. */
export function interruptedExit(): number | undefined {
  return exit;
}

/** Called once by the program. An uninterested command dies after a grace of three seconds. */
export function listenForInterrupts(): void {
  for (const signal of Object.keys(exits) as Wish[]) process.on(signal, () => heed(signal));
}

/** Ends the process soon, whoever may be slow to read its last words: called when the command is done. */
export function endAfterInterrupt(): void {
  if (exit !== undefined) endAfterGrace(exit);
}

/**
 * A hang-up is nobody's impatience: it comes with the terminal, and once more from the shell, before or after another
 * signal.
 */
function heed(signal: Wish): void {
  if (signal !== 'SIGHUP') {
    if (asked === 'before') process.exit(exits[signal]);
    if (asked === 'no') listenForTheNext();
  }
  if (exit !== undefined) return;
  exit = exits[signal];
  controller.abort();
  if (!patient) endAfterGrace(exit);
}

/**
 * A signal tells nothing of when it was sent, and whoever is busy hears it late: what waited while the process worked
 * is no new wish. After the timer the waiting ones are heard, and only then is the next one new; of a process that
 * waits for nothing else too, so the immediate is not let go.
 */
function listenForTheNext(): void {
  asked = 'just now';
  const open = (): void => {
    asked = 'before';
  };
  setTimeout(() => setImmediate(open), SAME_WISH_MS).unref();
}

function endAfterGrace(code: number): void {
  setTimeout(() => process.exit(code), GRACE_MS).unref();
}
