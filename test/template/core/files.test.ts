// Template files: whitespace, headers, includes, imports, inheritance. The wanted texts are the reference's.

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TemplateError } from '../../../engine/model/errors.ts';
import { bench, templar } from './bench.ts';
import recorded from './files.recorded.json' with { type: 'json' };

const folder = mkdtempSync(join(tmpdir(), 'troupe-templates-'));

beforeAll(() => {
  mkdirSync(join(folder, 'templates', 'sub'), { recursive: true });
  for (const [name, text] of Object.entries(recorded.parts)) writeFileSync(join(folder, 'templates', name), text);
});

afterAll(() => {
  rmSync(folder, { recursive: true });
});

describe('a template file', () => {
  it.each(recorded.cases.map((record) => [record.name, record] as const))('%s', (name, record) => {
    const file = join(folder, 'templates', `${name}.j2`);
    const render = (): string => templar().renderFile(record.text, { file }, bench(recorded.vars, folder));
    if (record.error === undefined) expect(render()).toBe(record.wanted);
    else expect(render).toThrow(record.error);
  });

  const fail = (text: string): TemplateError => {
    try {
      templar().renderFile(text, { file: join(folder, 'main.j2') }, bench({}, folder));
    } catch (error) {
      if (error instanceof TemplateError) return error;
    }
    throw new Error('it did not fail');
  };

  it('tells line and column of what is undefined', () => {
    expect(fail('one\ntwo {{ nope }}\n').position).toEqual({ file: join(folder, 'main.j2'), line: 2, column: 8 });
  });

  it('counts the header as a line', () => {
    expect(fail('#jinja2: trim_blocks: False\n\n  {{ 1 / 0 }}\n').position).toMatchObject({ line: 3 });
  });

  it('tells the way through includes', () => {
    const error = fail("x\n{% include 'bad.txt' %}\n");
    expect(error.position).toEqual({ file: join(folder, 'templates', 'bad.txt'), line: 3, column: 4 });
    expect(error.trail.map((step) => step.text)).toEqual([
      join(folder, 'main.j2'),
      join(folder, 'templates', 'bad.txt'),
    ]);
  });

  it('takes delimiters and newlines as options', () => {
    const options = {
      file: 'x.j2',
      variableStart: '<<',
      variableEnd: '>>',
      newlineSequence: '\r\n',
      lstripBlocks: true,
    };
    expect(templar().renderFile('<< 1 >>{{\n  {% if true %}\na\n{% endif %}', options, bench())).toBe('1{{\r\na\r\n');
  });

  it('refuses a header that it does not know', () => {
    expect(fail('#jinja2: nonsense: True\nx').message).toContain("invalid jinja override 'nonsense'");
  });

  it('lays its own variables over the others', () => {
    const options = { file: 'x.j2', vars: new Map([['ansible_managed', 'by hand']]) };
    expect(templar().renderFile('{{ ansible_managed }} {{ a }}', options, bench({ a: 1 }))).toBe('by hand 1');
  });
});
