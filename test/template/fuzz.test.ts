// Random templates over the whole grammar: an answer or a TemplateError in bounded time, and never JavaScript's own words.
// FUZZ gives the number of inputs, FUZZ_SEED where the sequence starts.

import { expect, test } from 'vitest';
import { TemplateError } from '../../engine/model/errors.ts';
import { trusted, type Value } from '../../engine/model/value.ts';
import type { Context } from '../../engine/template/contract.ts';
import { filters } from '../../engine/template/filters/index.ts';
import { createTemplar } from '../../engine/template/templar.ts';
import { tests } from '../../engine/template/tests/index.ts';
import { Grammar } from './grammar.ts';
import { NO_SERVICES } from './services.ts';

const COUNT = Number(process.env['FUZZ'] ?? 20_000);
const SEED = Number(process.env['FUZZ_SEED'] ?? 1);
/** No input may take longer, in milliseconds. */
const BOUND = 5_000;
const JAVASCRIPT =
  /Cannot read|Cannot convert|is not a function|undefined is not|\[object |Invalid array length|Maximum call stack|native code|\n\s+at |fault of the template engine/;
/** Filters whose work is slow by design, or that touch what is outside of the template. */
const LEFT_OUT = [
  'password_hash',
  'vault',
  'unvault',
  'fileglob',
  'realpath',
  'expandvars',
  'expanduser',
  // Waits for the machine's resolver, which may be deaf.
  'resolvable',
];

function pure(library: ReadonlyMap<string, unknown>): string[] {
  return [...library.keys()].filter((name) => !LEFT_OUT.includes(name.split('.').at(-1)!));
}

function makeContext(): Context {
  const vars = new Map<string, Value>([
    ['n', 7],
    ['f', 2.5],
    ['s', 'Hello World'],
    ['l', [3, 1, 2]],
    [
      'd',
      new Map<Value, Value>([
        ['a', 1],
        ['b', new Map<Value, Value>([['c', [1, 2]]])],
      ]),
    ],
    ['nested', trusted('{{ s | lower }}')],
  ]);
  return {
    scope: { get: (name) => vars.get(name), names: () => [...vars.keys()] },
    searchPath: [],
    basedir: '/nonexistent',
    services: NO_SERVICES,
    warn: () => undefined,
  };
}

test(`${COUNT} random templates end in an answer or a TemplateError`, { timeout: 0 }, () => {
  const grammar = new Grammar(SEED, pure(filters), pure(tests));
  let templar = createTemplar(settings('modern'));
  const wrong: string[] = [];
  let answered = 0;
  for (let index = 0; index < COUNT && wrong.length < 20; index++) {
    // A new templar now and then, so that the cache of compiled sources does not grow for ever.
    if (index % 5_000 === 0) templar = createTemplar(settings(index % 10_000 === 0 ? 'modern' : 'classic'));
    const template = grammar.template();
    const start = performance.now();
    try {
      templar.text(templar.render(trusted(template), makeContext()));
      answered++;
    } catch (error) {
      if (!(error instanceof TemplateError)) wrong.push(`${template}\n  threw ${String(error)}`);
      else if (JAVASCRIPT.test(error.message) || error.cause instanceof TypeError || error.cause instanceof RangeError)
        wrong.push(`${template}\n  said ${error.message}: ${String(error.cause)}`);
    }
    const took = performance.now() - start;
    if (took > BOUND) wrong.push(`${template}\n  took ${Math.round(took)} ms`);
  }
  expect(wrong).toEqual([]);
  expect(answered).toBeGreaterThan(COUNT / 20);
});

function settings(typing: 'modern' | 'classic') {
  return {
    typing,
    trimBlocks: true,
    allowBrokenConditionals: true,
    allowEmbeddedTemplates: true,
    errorOnUndefined: true,
    extensions: ['jinja2.ext.do', 'jinja2.ext.loopcontrols'],
  };
}
