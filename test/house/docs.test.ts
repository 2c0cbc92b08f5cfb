/** Comments lean on docs/: what they point to is there. */

import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { suiteName } from '../shared-data.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
const absent = existsSync(`${root}.git`) ? false : 'not a git checkout, so nothing says which files are ours';

/**
 * `docs/protocol.md 2.13 and 4.3`, `docs/commands.md, «Outcomes»`: the page, and each section or words that it must
 * hold.
 */
const REFERENCE = /(docs\/)?\b([a-z]+)\.md\b((?:,? (?:and )?(?:\d(?:\.\d+)?|[«"][^»"\n]+[»"]))*)/g;

/** Pages beside docs/, of LevelDB, and of a sample. */
const NOT_OURS = ['README.md', 'CHANGELOG.md', 'impl.md', 'a.md'];

interface Reference {
  readonly from: string;
  readonly page: string;
  readonly isWhole: boolean;
  readonly places: readonly string[];
}

function referencesOf(path: string, text: string): readonly Reference[] {
  const unwrapped = text.replaceAll(/\n\s*(?:\*|\/\/) /g, ' ');
  return [...unwrapped.matchAll(REFERENCE)].map(([, folder, page, places = '']) => ({
    from: path,
    page: `${page}.md`,
    isWhole: folder !== undefined || path.startsWith('docs/'),
    places: [...places.matchAll(/\d(?:\.\d+)?|[«"][^»"]+[»"]/g)].map(([place]) => place),
  }));
}

/** Says what of a reference is not there. */
function brokenParts({ from, page, isWhole, places }: Reference): readonly string[] {
  const path = `${root}docs/${page}`;
  if (!existsSync(path)) return [`${from}: there is no docs/${page}`];
  if (!isWhole) return [`${from}: ${page} is docs/${page}`];
  const text = readFileSync(path, 'utf8');
  const unwrapped = text.replaceAll(/\s+/g, ' ');
  const isThere = (place: string) =>
    /^\d/.test(place) ? new RegExp(`^#+ ${place.replace('.', '\\.')}\\.? `, 'm').test(text) : unwrapped.includes(place.slice(1, -1));
  return places.filter((place) => !isThere(place)).map((place) => `${from}: docs/${page} has no ${place}`);
}

describe.skipIf(absent)(suiteName('what comments point to', absent), () => {
  it('is in docs/', () => {
    const files = absent ? [] : execFileSync('git', ['ls-files', 'src', 'machines', 'native', 'test', 'docs'], { cwd: root, encoding: 'utf8' }).split('\n');
    const sources = files.filter((path) => /\.(ts|mjs|rs|md)$/.test(path) && path !== 'test/house/docs.test.ts' && existsSync(root + path));
    const references = sources.flatMap((path) => referencesOf(path, readFileSync(root + path, 'utf8')));
    const pages = references.filter(({ page }) => !NOT_OURS.includes(page));
    expect(pages.length).toBeGreaterThan(100);
    expect(pages.flatMap(brokenParts)).toEqual([]);
  });
});
