/**
 * What is in the package, without installing it: pages and what they link to, the sources that its maps name, and
 * README's snippets as files that are compiled.
 */

import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { posix } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('../../', import.meta.url));
const textOf = (path: string): string => readFileSync(root + path, 'utf8');
const namesIn = (folder: string, ending: string): readonly string[] =>
  readdirSync(root + folder).flatMap((name) => (name.endsWith(ending) ? `${folder}/${name}` : []));

const [packed] = JSON.parse(execFileSync('npm', ['pack', '--dry-run', '--json', '--ignore-scripts'], { cwd: root, encoding: 'utf8', maxBuffer: 1 << 26 })) as [
  { readonly files: readonly { readonly path: string }[] },
];
const files = new Set(packed.files.map(({ path }) => path));
const folders = new Set([...files].map((path) => posix.dirname(path)));
const pages = ['README.md', 'CHANGELOG.md', ...namesIn('docs', '.md')];

describe('the package', () => {
  it('has its pages, and all that they link to', () => {
    expect(pages.length).toBeGreaterThan(6);
    expect(pages.filter((page) => !files.has(page))).toEqual([]);
    const links = pages.flatMap((page) =>
      [...textOf(page).matchAll(/\]\((?!https?:|#)([^)#\s]+)[^)]*\)/g)].map(([, to = '']) => posix.join(posix.dirname(page), to).replace(/\/$/, '')),
    );
    expect(links.length).toBeGreaterThan(8);
    expect(links.filter((path) => !files.has(path) && !folders.has(path))).toEqual([]);
  });

  it('has every source that its maps name', () => {
    const maps = [...files].filter((path) => path.endsWith('.map'));
    expect(maps.length).toBeGreaterThan(500);
    const sources = maps.flatMap((path) => {
      const { sources: named, sourcesContent = [] } = JSON.parse(textOf(path)) as {
        readonly sources: readonly string[];
        readonly sourcesContent?: readonly string[];
      };
      return named.flatMap((source, i) => (sourcesContent[i] === undefined ? [posix.join(posix.dirname(path), source)] : []));
    });
    // A file that was moved leaves its old output in a dist that is not built anew.
    const ours = [...new Set(sources)].filter((path) => existsSync(root + path));
    expect(ours.length).toBeGreaterThan(250);
    expect(ours.filter((path) => !files.has(path))).toEqual([]);
  });

  it('has each map of its code, and nothing of tests, but the network file that README names', () => {
    const code = [...files].filter((path) => /^dist\/.*\.js$/.test(path));
    expect(code.filter((path) => !files.has(`${path}.map`))).toEqual([]);
    expect([...files].filter((path) => /^test\/|\.test\.|tsbuildinfo/.test(path))).toEqual(['test/cassette/devnet-2k.network.json']);
  });

  it('is built anew and whole whenever it is packed: output of a file that is gone would go out with it', () => {
    const { scripts } = JSON.parse(textOf('package.json')) as { readonly scripts: Readonly<Record<string, string>> };
    expect(scripts['prepack']).toBe('npm run -s build');
    expect(scripts['prebuild']).toContain("rmSync('dist'");
    expect(scripts['postbuild']).toContain("cpSync('native', 'dist/native'");
  });

  it('has what its exports name', () => {
    const { exports } = JSON.parse(textOf('package.json')) as { readonly exports: Readonly<Record<string, string | Readonly<Record<string, string>>>> };
    const targets = Object.values(exports).flatMap((target) => (typeof target === 'string' ? [target] : Object.values(target)));
    expect(targets.filter((target) => !target.includes('*') && !files.has(target.slice(2)))).toEqual([]);
  });
});

/** A block of TypeScript: its imports, each a line, and the rest. */
interface Snippet {
  readonly page: string;
  readonly imports: readonly string[];
  readonly body: string;
}

function snippetsOf(page: string): readonly Snippet[] {
  return [...textOf(page).matchAll(/^```(?:ts|typescript|js|javascript)\n([\s\S]*?)^```/gm)].map(([, block = '']) => {
    const lines = block.trimEnd().split('\n');
    const imports = lines.filter((line) => line.startsWith('import '));
    return {
      page,
      imports,
      body: lines
        .filter((line) => !line.startsWith('import '))
        .join('\n')
        .trim(),
    };
  });
}

describe('README', () => {
  it('shows nothing in its blocks that a terminal of 80 columns breaks', () => {
    const blocks = textOf('README.md')
      .split(/^```.*$/m)
      .filter((_, i) => i % 2 === 1);
    expect(blocks.length).toBeGreaterThan(8);
    expect(blocks.flatMap((block) => block.split('\n')).filter((line) => [...line].length > 80)).toEqual([]);
  });
});

describe('snippets of the pages', () => {
  const examples = namesIn('examples', '.ts').map((path) => `\n${textOf(path)}`);
  const snippets = pages.flatMap(snippetsOf);

  it('are at least those of README', () => {
    expect(snippets.length).toBeGreaterThanOrEqual(2);
    expect(existsSync(`${root}examples/tsconfig.json`)).toBe(true);
  });

  it.for(snippets)('stand word for word in one example: $page, $imports', ({ imports, body }) => {
    expect(body).not.toBe('');
    const holding = examples.filter((text) => text.includes(`\n${body}\n`) && imports.every((line) => text.includes(`\n${line}\n`)));
    expect(holding).toHaveLength(1);
  });
});
