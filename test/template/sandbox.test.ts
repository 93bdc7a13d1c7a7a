// Ways out of the sandbox that were tried: each is refused with a template's error, or answers as Python's data would.

import { describe, expect, test } from 'vitest';
import { TemplateError } from '../../engine/model/errors.ts';
import { trusted, type Value } from '../../engine/model/value.ts';
import { createTemplar } from '../../engine/template/templar.ts';
import { NO_SERVICES } from './services.ts';

const templar = createTemplar({
  typing: 'modern',
  trimBlocks: true,
  allowBrokenConditionals: true,
  allowEmbeddedTemplates: true,
  errorOnUndefined: true,
  extensions: ['jinja2.ext.do', 'jinja2.ext.loopcontrols'],
});

const vars = new Map<string, Value>([
  ['d', new Map<Value, Value>([['a', 1]])],
  ['l', [1, 2]],
  ['s', 'text'],
  ['n', 7],
  ['f', 2.5],
  ['fact', '{{ secret }}'],
  ['secret', 'leaked'],
]);

function render(template: string): Value {
  return templar.render(trusted(template), {
    scope: { get: (name) => vars.get(name), names: () => [...vars.keys()] },
    searchPath: [],
    basedir: '/nonexistent',
    services: NO_SERVICES,
    warn: () => undefined,
  });
}

const JAVASCRIPT =
  /Cannot read|is not a function|undefined is not|\[object |native code|at .*\.(ts|js):\d|fault of the template engine/;

const names = [
  'constructor',
  '__proto__',
  'prototype',
  'toString',
  'valueOf',
  'hasOwnProperty',
  '__defineGetter__',
  '__lookupGetter__',
];
const globals = [
  'process',
  'require',
  'globalThis',
  'global',
  'Function',
  'eval',
  'module',
  'exports',
  'Object',
  'Reflect',
  'Buffer',
  'this',
  'arguments',
  'constructor',
  '__proto__',
  'toString',
  'hasOwnProperty',
];
const refused = [
  ...globals.map((name) => `{{ ${name} }}`),
  ...names.map((name) => `{{ d.${name} }}`),
  ...names.map((name) => `{{ l.${name} }}`),
  ...names.map((name) => `{{ s.${name} }}`),
  ...names.map((name) => `{{ n['${name}'] }}`),
  ...names.map((name) => `{{ f | attr('${name}') }}`),
  ...names.map((name) => `{{ [d] | map(attribute='${name}') | list }}`),
  "{{ s.constructor.constructor('return process')() }}",
  "{{ l.map.constructor('return 1')() }}",
  "{{ eval('1+1') }}",
  "{{ import('fs') }}",
  "{{ '{0.__class__}'.format(s) }}",
  "{{ '{0.constructor}'.format(s) }}",
  "{{ '{0[__proto__]}'.format(d) }}",
  "{{ 'a' | constructor }}",
  "{{ 'a' | __proto__ }}",
  "{{ 'a' is constructor }}",
  "{{ lookup('constructor') }}",
  "{{ lookup('__proto__', 'x') }}",
  "{{ query('toString') }}",
  '{% macro m() %}{% endmacro %}{{ m.constructor }}',
  '{% macro m() %}{% endmacro %}{{ m.__globals__ }}',
  '{% macro m() %}{% endmacro %}{{ m.prototype.x }}',
  '{% set ns = namespace() %}{{ ns.constructor }}',
  '{% set ns = namespace() %}{{ ns.__proto__ }}',
  '{% for x in l %}{{ loop.constructor }}{% endfor %}',
  '{{ lookup.constructor }}',
  '{{ range.constructor }}',
  '{{ s.upper.constructor }}',
  '{{ s.upper.call(s) }}',
  '{{ self.constructor }}',
  "{{ none['constructor'] }}",
  "{{ true['constructor'] }}",
];

const harmless: [string, Value][] = [
  ["{{ {'toString': 1}.toString }}", 1],
  ["{{ {'valueOf': 2}['valueOf'] }}", 2],
  ["{{ {'hasOwnProperty': 3} | dict2items | map(attribute='key') | first }}", 'hasOwnProperty'],
  ["{{ {'__proto__': 4}['__proto__'] }}", 4],
  ["{{ {'constructor': 5} | combine({'__proto__': 6}) | length }}", 2],
  ["{{ 'constructor' in d }}", false],
  ["{{ d.get('constructor') is none }}", true],
  ["{{ dict([['__proto__', 7]])['__proto__'] }}", 7],
  ['{{ d.constructor is defined }}', false],
  ["{{ s.constructor | default('none') }}", 'none'],
  ['{{ fact }}', '{{ secret }}'],
  ["{{ fact ~ '' }}", '{{ secret }}'],
  ['{{ [fact] | first | upper }}', '{{ SECRET }}'],
];

describe('ways out of the sandbox', () => {
  test('at least 60 are tried', () => {
    expect(refused.length + harmless.length).toBeGreaterThanOrEqual(60);
  });

  test.each(refused.map((template) => [template]))('refuses %s', (template) => {
    let error: unknown;
    try {
      const value = render(template);
      expect(`answered ${typeof value}: ${templar.text(value)}`).toBe('refused');
    } catch (thrown) {
      error = thrown;
    }
    expect(error).toBeInstanceOf(TemplateError);
    expect((error as TemplateError).message).not.toMatch(JAVASCRIPT);
  });

  test.each(harmless)('answers %s by data alone', (template, expected) => {
    expect(render(template)).toEqual(expected);
  });
});
