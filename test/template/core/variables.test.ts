// Variables: lazy, rendered when used, trusted or not, and what is said where they fail.

import { describe, expect, it } from 'vitest';
import { TemplateError } from '../../../engine/model/errors.ts';
import { OMIT, Template, Unsafe, type Value } from '../../../engine/model/value.ts';
import { bench, type Plain, templar } from './bench.ts';

const modern = templar();

function render(text: string, vars: { readonly [key: string]: Plain } = {}): Value {
  return modern.render(new Template(text), bench(vars));
}

function fault(go: () => unknown): TemplateError {
  try {
    go();
  } catch (error) {
    if (error instanceof TemplateError) return error;
    throw error;
  }
  throw new Error('it did not fail');
}

describe('variables', () => {
  it('are asked for only when they are used', () => {
    const context = bench({ a: '{{ b }}', b: 1, c: '{{ nope }}' });
    expect(modern.render(new Template('{{ a }}'), context)).toBe(1);
    expect(context.asked).toEqual(['a', 'b']);
  });

  it('are rendered once in an evaluation', () => {
    const context = bench({ a: '{{ b }}', b: 1 });
    modern.render(new Template('{{ a }}{{ a }}{{ a }}'), context);
    expect(context.asked).toEqual(['a', 'b']);
  });

  it.each([
    ['{{ d.fine }}', 'x'],
    ['{{ d | length }}', 2],
    ["{{ d.keys() | list | join(',') }}", 'bad,fine'],
    ['{{ l[1] }}', 'x'],
    ['{{ l | length }}', 2],
    ["{{ d.bad | default('none') }}", 'none'],
    ['{{ d.bad is defined }}', false],
  ])('%s leaves the rest of a container alone', (text, wanted) => {
    expect(render(text, { d: { bad: '{{ nope }}', fine: 'x' }, l: ['{{ nope }}', 'x'] })).toBe(wanted);
  });

  it('may refer to each other within a dict', () => {
    expect(render('{{ d.a }}', { d: { a: '{{ d.b }}', b: '{{ d.c }}', c: 3 } })).toBe(3);
  });

  it('keep None apart from what is missing', () => {
    expect(render('{{ n is none }}{{ d.n is none }}{{ [n][0] is none }}', { n: null, d: { n: null } })).toBe(
      'TrueTrueTrue',
    );
  });

  it('are not changed by what a template does with them', () => {
    const context = bench({ d: { a: [1] } });
    modern.render(new Template('{{ d.update({"b": 2}) }}{{ d.a.append(2) }}{{ d }}'), context);
    expect(context.scope.get('d')).toEqual(new Map([['a', [1]]]));
  });

  it('tell a loop', () => {
    expect(fault(() => render('{{ a }}', { a: '{{ b }}', b: '{{ a }}' })).message).toMatch(
      /^Recursive loop detected in template/,
    );
  });

  it('cost nothing when there are many', () => {
    const names = Array.from({ length: 10_000 }, (_, index) => [`v${index}`, '{{ nope }}'] as const);
    const context = bench({ ...Object.fromEntries(names), a: 1 });
    modern.render(new Template('{{ a }}'), context);
    expect(context.asked).toEqual(['a']);
  });
});

describe('trust', () => {
  it('is not in text of results', () => {
    expect(render('{{ s }}', { s: { __ansible_unsafe: '{{ 1 + 1 }}' } })).toBe('{{ 1 + 1 }}');
  });

  it('is not in constants', () => {
    expect(render("{{ '{{ a }}' }}", { a: 1 })).toBe('{{ a }}');
    expect(render('{{ b }}', { a: 1, b: "{{ ['{{ a }}'] }}" })).toEqual(['{{ a }}']);
  });

  it.each([
    ['{{ written }}', true],
    ['{{ through }}', true],
    ['{{ d.a }}', true],
    ["{{ d['l'] | last }}", true],
    ['{{ nope | default(written) }}', true],
    ["{{ lookup('vars', 'written') }}", true],
    ['{{ [written][0] }}', true],
    ['{{ said }}', false],
    ['{{ d.said }}', false],
    ['{{ written if false else said }}', false],
    ["{{ '2 == 2' }}", false],
    ["{{ written ~ '' ~ ' and true' }}", false],
  ])('lets the text that %s gives be an expression: %s', (condition, trusted) => {
    const said = { __ansible_unsafe: '2 == 2' };
    const d = { a: '1 == 1', l: [said, '1 == 1'], said };
    const context = bench({ written: '1 == 1', through: '{{ written }}', d, said });
    if (trusted) expect(modern.judge(new Template(condition), context).holds).toBe(true);
    else
      expect(fault(() => modern.judge(new Template(condition), context)).message).toBe(
        'Encountered untrusted template or expression.',
      );
  });

  it('marks what was not written, so that it may go among what was', () => {
    const context = bench({ a: ['x'], said: { __ansible_unsafe: 'y' } });
    const sources = modern.sources(new Template('{{ a + [said] }}'), context.scope);
    expect(modern.marked(['x', 'y', new Map([['k', 'z']])], sources, context.scope)).toEqual([
      'x',
      new Unsafe('y'),
      new Map([['k', new Unsafe('z')]]),
    ]);
  });

  it('gets lost when text is made of it', () => {
    expect(render("{{ '{{ a }}' ~ '' }}", { a: 1 })).toBe('{{ a }}');
  });

  it('renders constants in conditions and arguments of lookups, with a warning', () => {
    const context = bench({ a: 'x', b: 'x' });
    expect(modern.judge("a == '{{ b }}'", context).holds).toBe(true);
    expect(modern.render(new Template("{{ lookup('vars', '{{ a }}', default=1) }}"), context)).toBe(1);
    expect(context.warnings).toHaveLength(2);
  });
});

describe('what is omitted', () => {
  it.each([
    ['modern', '{{ nope | default(omit) }}'],
    ['classic', '{{ nope | default(omit) }}'],
    ['classic', '{{ omit }}'],
  ] as const)('%s: %s is omit itself', (typing, text) => {
    expect(templar({ typing }).render(new Template(text), bench())).toBe(OMIT);
  });

  it.each(['modern', 'classic'] as const)('%s: leaves dicts and lists', (typing) => {
    const value = new Map<Value, Value>([
      ['a', new Template('{{ omit }}')],
      ['b', [new Template('{{ omit }}'), 1]],
      ['c', new Template("{{ {'x': omit, 'y': [omit, 2]} }}")],
    ]);
    expect(templar({ typing }).render(value, bench())).toEqual(
      new Map<Value, Value>([
        ['b', [1]],
        ['c', new Map([['y', [2]]])],
      ]),
    );
  });
});

describe('errors', () => {
  it('name the place of the template and the way to it', () => {
    const position = { file: 'play.yml', line: 12, column: 9 };
    const error = fault(() => modern.render(new Template('{{ a }}', position), bench({ a: 'x{{ nope }}' })));
    expect(error.message).toBe("'nope' is undefined");
    expect(error.undefinedName).toBe(true);
    expect(error.position).toEqual({ file: 'vars.yml', line: 7, column: 3 });
    expect(error.trail.map((step) => step.text)).toEqual(['{{ a }}', 'x{{ nope }}']);
  });

  it.each([
    ['{{ http_prot }}', { http_port: 80 }, "Did you mean 'http_port'?"],
    ['{{ web.prot }}', { web: { port: 80 } }, "Did you mean 'port'?"],
    ['{{ zzz }}', { http_port: 80 }, undefined],
  ] as const)('%s has the hint', (text, vars, hint) => {
    expect(fault(() => render(text, vars)).hint).toBe(hint);
  });

  it('are TemplateErrors for conditions, expressions and lookups too', () => {
    expect(fault(() => modern.judge('nope', bench())).message).toBe(
      "Error while evaluating conditional: 'nope' is undefined",
    );
    expect(fault(() => modern.evaluate('1 +', bench())).message).toMatch(/^Syntax error in expression: /);
    expect(fault(() => modern.lookup('no_such', [], bench())).message).toContain("'no_such' was not found");
  });
});

describe('conditions', () => {
  it.each([
    [true, true, 0],
    ['a', true, 1],
    ['e', false, 1],
    ["a == 'x'", true, 0],
    ['{{ t }}', true, 1],
    ['{{ text }}', true, 1],
    ['', true, 1],
  ] as const)('%s', (condition, holds, warnings) => {
    const context = bench({ a: 'x', e: [], t: true, text: "a == 'x'" });
    expect(modern.judge(condition, context).holds).toBe(holds);
    expect(context.warnings).toHaveLength(warnings);
  });

  it('have to be bools where the settings are strict', () => {
    const strict = templar({ allowBrokenConditionals: false });
    expect(fault(() => strict.judge('a', bench({ a: 'x' }))).message).toMatch(
      /^Conditional result \(True\) was derived/,
    );
  });
});

describe('limits', () => {
  it.each([
    ["{{ 'x' * 10000000000 }}", /characters; \d+ are allowed/],
    ['{{ range(1000000000) | list }}', /items; \d+ are allowed/],
    ['{{ 10 ** 10000000 }}', /too large/],
    ['{% macro f() %}{{ f() }}{% endmacro %}{{ f() }}', /^Recursive loop/],
    [`{{ ${'('.repeat(2000)}1${')'.repeat(2000)} }}`, /nested too deeply/],
    ["{{ '%1000000000d' % 1 }}", /are allowed/],
  ])('%s', (text, message) => {
    expect(fault(() => render(text)).message).toMatch(message);
  });
});

describe('references', () => {
  it('are the names that a value reads', () => {
    const value = new Map<Value, Value>([
      ['x', [new Template('{{ a.b }}{% if c %}{{ lookup("env", d) }}{% endif %}')]],
    ]);
    expect([...modern.references(value)].sort()).toEqual(['a', 'c', 'd']);
    expect([...modern.references("a == b and 'c'", true)].sort()).toEqual(['a', 'b']);
  });
});

describe('extensions', () => {
  const extended = templar({ extensions: ['jinja2.ext.do', 'jinja2.ext.loopcontrols'] });
  it.each([
    ['{% set l = [] %}{% do l.append(1) %}{{ l }}', [1]],
    ['{% for i in [1,2,3] %}{% if i == 2 %}{% break %}{% endif %}<{{ i }}>{% endfor %}', '<1>'],
    ['{% for i in [1,2,3] %}{% if i == 2 %}{% continue %}{% endif %}<{{ i }}>{% endfor %}', '<1><3>'],
  ])('%s', (text, wanted) => {
    expect(extended.render(new Template(text), bench())).toEqual(wanted);
    expect(() => render(text)).toThrow(/unknown tag/);
  });
});

describe('error_on_undefined_vars = False', () => {
  const list = [new Template('{{ nope }}'), new Template('{{ 1 }}'), new Template('a{{ nope.x }}')];

  it('leaves templates as they are in classic typing', () => {
    const classic = templar({ typing: 'classic', errorOnUndefined: false });
    expect(classic.render(list, bench())).toEqual(['{{ nope }}', '1', 'a{{ nope.x }}']);
  });

  it('changes nothing in modern typing', () => {
    expect(() => templar({ errorOnUndefined: false }).render(list, bench())).toThrow("'nope' is undefined");
  });
});
