// Every recorded answer of the reference engine, of both eras, against ours: values as Python prints them, and the words
// of errors of the current era.

import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { TemplateError } from '../../../engine/model/errors.ts';
import type { Value } from '../../../engine/model/value.ts';
import { repr } from '../../../engine/template/python/text.ts';
import { bench, type Plain, templar, valueOf } from './bench.ts';

interface Answer {
  readonly repr?: string;
  readonly error?: string | true;
}

interface Record {
  readonly template: Plain;
  readonly vars?: { readonly [key: string]: Plain };
  readonly mode?: 'when' | 'expr';
  readonly modern?: Answer;
  readonly classic?: Answer;
}

const RECORDS = JSON.parse(readFileSync(new URL('answers.recorded.json', import.meta.url), 'utf8')) as Record[];
const ERAS = {
  modern: templar({ allowBrokenConditionals: false }),
  classic: templar({ typing: 'classic' }),
};

function answer(record: Record, era: keyof typeof ERAS): Answer {
  const context = bench(record.vars, '/tmp');
  const text = String(record.template);
  try {
    let value: Value;
    if (record.mode === 'when') value = ERAS[era].judge(text, context).holds;
    else if (record.mode === 'expr') value = ERAS[era].evaluate(text, context);
    else value = ERAS[era].render(valueOf(record.template), context);
    return { repr: repr(value) };
  } catch (error) {
    if (error instanceof TemplateError) return { error: era === 'modern' ? error.message.split('\n')[0]! : true };
    throw error;
  }
}

// The answers were recorded by root.
beforeAll(() => vi.stubEnv('HOME', '/root'));
afterAll(() => vi.unstubAllEnvs());

describe.each(['modern', 'classic'] as const)('%s', (era) => {
  const records = RECORDS.filter((record) => record[era] !== undefined);
  it.each(records.map((record, index) => [`${index} ${JSON.stringify(record.template)}`, record] as const))(
    '%s',
    (_title, record) => {
      expect(answer(record, era)).toEqual(record[era]);
    },
  );
});
