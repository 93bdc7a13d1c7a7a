// Holds the table "Who may import whom" of docs/architecture.md by reading the import lines, and the other walls that a
// compiler does not know: no cycles between folders, no module's name in the engine, and one place that prints or exits.

import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const TOP = fileURLToPath(new URL('..', import.meta.url));

interface Source {
  /** From the top: `engine/cli/main.ts`. */
  readonly file: string;
  readonly text: string;
  /** Files that it imports, from the top; packages by their names. */
  readonly imports: readonly string[];
}

function sourcesIn(folder: string): Source[] {
  return readdirSync(join(TOP, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => {
      const file = join(folder, name);
      const text = readFileSync(join(TOP, file), 'utf8');
      return { file, text, imports: [...importsOf(text)].map((to) => resolved(file, to)) };
    });
}

function* importsOf(text: string): Generator<string> {
  for (const match of text.matchAll(/(?:^|\n)\s*(?:import|export)\b[^'"`;]*?from\s+['"]([^'"]+)['"]/g)) yield match[1]!;
  for (const match of text.matchAll(/\bimport\(\s*['"]([^'"]+)['"]\s*\)/g)) yield match[1]!;
  for (const match of text.matchAll(/(?:^|\n)import\s+['"]([^'"]+)['"]/g)) yield match[1]!;
}

function resolved(from: string, to: string): string {
  return to.startsWith('.') ? relative(TOP, join(TOP, dirname(from), to)) : to;
}

/** The room of a file: `engine/parse`, or `modules`. */
function room(file: string): string {
  const [top, next] = file.split('/');
  return top === 'engine' ? `engine/${next}` : top!;
}

const M = 'engine/model';
const R = 'engine/regex';
/** Which rooms, or single files, a room may import from; its own and packages are free. */
const MAY: Readonly<Record<string, readonly string[]>> = {
  'engine/model': [],
  'engine/regex': [M],
  'engine/module': [M],
  'engine/program': [M, 'engine/module'],
  'engine/parse': [M],
  'engine/inventory': [M, R, 'engine/template/python', 'engine/template/fault.ts'],
  'engine/template': [M, R],
  'engine/forecast': [M],
  'engine/report': [M],
  'engine/connection': [M, 'engine/module/contract.ts', 'engine/module/sh.ts'],
  'engine/variables': [M, 'engine/template', 'engine/inventory'],
  'engine/execute': [
    M,
    R,
    'engine/module',
    'engine/variables',
    'engine/template',
    'engine/forecast',
    'engine/connection/contract.ts',
  ],
  'engine/cli': ['engine'],
  modules: [M, R, 'engine/module'],
};

const engine = sourcesIn('engine');
const modules = sourcesIn('modules');

describe('who may import whom', () => {
  it.each(Object.keys(MAY))('%s', (name) => {
    const wrong: string[] = [];
    for (const source of [...engine, ...modules].filter(({ file }) => room(file) === name)) {
      for (const to of source.imports) {
        if (!/^(?:engine|modules|test|bench|scripts)\//.test(to)) continue;
        const own = room(to) === name;
        const allowed = MAY[name]!.some((place) => to === place || to.startsWith(`${place}/`));
        const joins = source.file === 'engine/cli/compose.ts' && to === 'modules/index.ts';
        if (!own && !allowed && !joins) wrong.push(`${source.file} -> ${to}`);
      }
    }
    expect(wrong).toEqual([]);
  });

  it('every folder of the engine is in the table', () => {
    expect([...new Set(engine.map(({ file }) => room(file)))].sort()).toEqual(
      Object.keys(MAY)
        .filter((name) => name !== 'modules')
        .sort(),
    );
  });

  it('nobody imports cli', () => {
    const wrong = [...engine, ...modules].filter(
      ({ file, imports }) => room(file) !== 'engine/cli' && imports.some((to) => to.startsWith('engine/cli/')),
    );
    expect(wrong.map(({ file }) => file)).toEqual([]);
  });

  it('a module imports no other module', () => {
    const wrong = modules
      .filter(({ file }) => /^modules\/[^/]+\.ts$/.test(file) && file !== 'modules/index.ts')
      // Another name for a module is one line that hands it on.
      .filter(({ text }) => !/^export \{ default \} from '[^']+';$/.test(code(text).trim()))
      .flatMap(({ file, imports }) =>
        imports.filter((to) => /^modules\/[^/]+\.ts$/.test(to)).map((to) => `${file} -> ${to}`),
      );
    expect(wrong).toEqual([]);
  });

  it('folders make no cycle', () => {
    const edges = new Map<string, Set<string>>();
    for (const { file, imports } of engine) {
      const from = room(file);
      for (const to of imports.filter((path) => path.startsWith('engine/')).map(room))
        if (to !== from) edges.set(from, (edges.get(from) ?? new Set()).add(to));
    }
    expect(cycleIn(edges)).toBeUndefined();
  });
});

function cycleIn(edges: ReadonlyMap<string, ReadonlySet<string>>): readonly string[] | undefined {
  const done = new Set<string>();
  const visit = (at: string, path: readonly string[]): readonly string[] | undefined => {
    if (path.includes(at)) return [...path.slice(path.indexOf(at)), at];
    if (done.has(at)) return undefined;
    for (const to of edges.get(at) ?? []) {
      const found = visit(to, [...path, at]);
      if (found !== undefined) return found;
    }
    done.add(at);
    return undefined;
  };
  for (const start of edges.keys()) {
    const found = visit(start, []);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Code without comments and without programs in text, which run in a process of their own. */
function code(text: string): string {
  return text
    .replace(/\/\*[\s\S]*?\*\//g, '')
    .replace(/`\n[\s\S]*?`/g, '``')
    .replace(/(^|[^:'"`])\/\/.*$/gm, '$1');
}

describe('walls that no compiler knows', () => {
  it('only cli prints or exits', () => {
    const speaks = /\bconsole\.|\bprocess\.(?:stdout|stderr|exit|exitCode)\b/;
    const wrong = [...engine, ...modules].filter(
      ({ file, text }) => room(file) !== 'engine/cli' && speaks.test(code(text)),
    );
    expect(wrong.map(({ file }) => file)).toEqual([]);
  });

  it('only main sets the exit code', () => {
    const wrong = engine.filter(
      ({ file, text }) => /\bprocess\.(?:exitCode|exit\()/.test(code(text)) && file !== 'engine/cli/main.ts',
    );
    expect(wrong.map(({ file }) => file)).toEqual([]);
  });

  it('the executor compares nothing with the name of a module', () => {
    const names = modules
      .map(({ file }) => /^modules\/([a-z0-9_]+)\.ts$/.exec(file)?.[1])
      .filter((name) => name !== undefined && name !== 'index');
    const pattern = new RegExp(`(?:===|!==|case)\\s*'(?:ansible\\.builtin\\.)?(?:${names.join('|')})'`);
    const wrong = engine
      .filter(({ file }) =>
        ['engine/execute', 'engine/forecast', 'engine/report', 'engine/connection'].includes(room(file)),
      )
      .flatMap(({ file, text }) =>
        code(text)
          .split('\n')
          .filter((line) => pattern.test(line) && /\b(?:action|module|name)\b/.test(line) && !/\bkind\b/.test(line))
          .map((line) => `${file}: ${line.trim()}`),
      );
    expect(wrong).toEqual([]);
  });

  it('the model knows nothing of Node', () => {
    const wrong = engine.filter(
      ({ file, imports }) => room(file) === M && imports.some((to) => to.startsWith('node:')),
    );
    expect(wrong.map(({ file }) => file)).toEqual([]);
  });
});
