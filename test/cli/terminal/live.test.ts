/** Lines that change in place: what a terminal is sent, and what a file gets. */

import { afterEach, describe, expect, it, vi } from 'vitest';
import { createLive } from '../../../src/cli/terminal/live.ts';

const UP = '\u001b[1A';
const CLEAR_BELOW = '\u001b[0J';

/** What a terminal shows after all that was written to it. */
function screenOf(written: readonly string[]): readonly string[] {
  const rows: string[] = [''];
  let row = 0;
  const text = written.join('').replaceAll(UP, '\n<up>\n').replaceAll(CLEAR_BELOW, '\n<clear>\n');
  for (const part of text.split(/(\n<up>\n|\n<clear>\n|\r|\n)/)) {
    if (part === '\n<up>\n') row--;
    else if (part === '\n<clear>\n') rows.splice(row, rows.length, '');
    else if (part === '\n') rows[++row] ??= '';
    else if (part !== '\r') rows[row] = part;
  }
  return rows.slice(0, -1);
}

function liveOn(isTTY: boolean, rows = 24) {
  const written: string[] = [];
  const clock = { ms: 0 };
  const live = createLive({ isTTY, rows, write: (text) => written.push(text) }, () => clock.ms);
  return { written, clock, live, screen: () => screenOf(written) };
}

afterEach(() => vi.useRealTimers());

describe('on a terminal', () => {
  it('keeps what changes below what stays', () => {
    const { live, clock, screen } = liveOn(true);
    live.print(['head']);
    clock.ms += 100;
    live.show(() => ['a 1', 'b 1']);
    expect(screen()).toEqual(['head', 'a 1', 'b 1']);
    clock.ms += 100;
    live.show(() => ['b 2']);
    expect(screen()).toEqual(['head', 'b 2']);
    live.print(['a done']);
    expect(screen()).toEqual(['head', 'a done', 'b 2']);
    live.end();
    expect(screen()).toEqual(['head', 'a done']);
  });

  it('draws not more than twenty times a second, and what stays at once', () => {
    const { live, clock, written, screen } = liveOn(true);
    for (clock.ms = 0; clock.ms < 200; clock.ms += 10) live.show(() => [`${clock.ms}`]);
    expect(written).toHaveLength(4);
    live.print(['stays']);
    expect(screen()).toEqual(['stays', '200']);
  });

  it('draws what came too soon a moment later: a block that was ready was shown when the next thing came, seconds on', () => {
    vi.useFakeTimers();
    const { live, clock, screen } = liveOn(true);
    live.show(() => ['creating']);
    clock.ms += 10;
    live.show(() => ['ready']);
    expect(screen()).toEqual(['creating']);
    vi.advanceTimersByTime(40);
    expect(screen()).toEqual(['ready']);
    live.show(() => ['sent']);
    live.end();
    expect(vi.getTimerCount()).toBe(0);
  });

  it('takes back all rows of a line that the terminal wraps', () => {
    const { live, clock, written } = liveOn(true);
    live.show(() => ['a'.repeat(81), 'b'.repeat(80)]);
    clock.ms += 100;
    live.show(() => ['c']);
    expect(written.at(-1)?.split(UP)).toHaveLength(4);
  });

  it('does not fill the screen with what changes', () => {
    const { live, screen } = liveOn(true, 10);
    live.show(() => Array.from({ length: 100 }, (_, i) => `${i}`));
    expect(screen()).toEqual(['0', '1', '2', '… and 97 more']);
  });
});

describe('in a pipe', () => {
  it('writes what stays, and nothing else', () => {
    const { live, written } = liveOn(false);
    live.show(() => ['a 1']);
    live.print(['a done', 'b done']);
    live.print([]);
    live.end();
    expect(written).toEqual(['a done\nb done\n']);
  });
});
