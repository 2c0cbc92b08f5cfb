/** Ctrl-C and a closed pipe: a command is told once and given time to close; asked again, or not listening, it is ended (docs/commands.md, «Command line»). */

const GRACE_MS = 3000;
const exits = { SIGINT: 130, SIGTERM: 143 } as const;
const EXIT_SIGPIPE = 141;

const controller = new AbortController();

/** Aborted at the first Ctrl-C or SIGTERM: what runs long watches it, stops, and closes what it holds. */
export const interruption: AbortSignal = controller.signal;

let exit: number | undefined;
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
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => {
      if (exit !== undefined) process.exit(exits[signal]);
      exit = exits[signal];
      controller.abort();
      if (!patient) setTimeout(() => process.exit(exits[signal]), GRACE_MS).unref();
    });
  }
}

/** `mineone … | head`: the reader has seen enough; end as any Unix tool does, without a word. */
export function endQuietlyOnClosedPipe(): void {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EPIPE') process.exit(EXIT_SIGPIPE);
      throw error;
    });
  }
}
