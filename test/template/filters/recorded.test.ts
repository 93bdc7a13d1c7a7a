// Every recorded answer of the reference engine against ours: value for value, as Python prints it. Errors are compared
// as such, their words are ours unless playbooks match on them.

import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { isDict, PySet, Tuple, type Value } from '../../../engine/model/value.ts';
import { Fault } from '../../../engine/template/fault.ts';
import { loadJson } from '../../../engine/template/python/jsonread.ts';
import { repr } from '../../../engine/template/python/text.ts';
import { Markup } from '../../../engine/template/python/types.ts';
import { Undefined } from '../../../engine/template/undefined.ts';
import { callFilter, callTest } from './bench.ts';

process.env['TZ'] = 'UTC';
process.env['HOME'] = '/root';

const FOLDER = new URL('./recorded/', import.meta.url);

/** Tuples and sets become lists when they leave a template, and Markup a string. */
function finished(value: Value): Value {
  if (value instanceof Undefined) return value.trip();
  if (value instanceof Tuple || value instanceof PySet) return value.items.map(finished);
  if (value instanceof Markup) return value.text;
  if (Array.isArray(value)) return value.map(finished);
  if (isDict(value)) return new Map([...value].map(([key, item]) => [key, finished(item)]));
  return value;
}

function answer(record: ReadonlyMap<Value, Value>): string {
  const args = {
    positional: record.get('args') as Value[],
    named: record.get('named') as ReadonlyMap<string, Value>,
  };
  const input = record.get('input')!;
  try {
    const name = (record.get('filter') ?? record.get('test')) as string;
    return repr(record.has('filter') ? finished(callFilter(name, input, args)) : callTest(name, input, args));
  } catch (error) {
    if (error instanceof Fault) return record.has('error') ? 'an error' : `an error: ${error.message}`;
    throw error;
  }
}

for (const file of readdirSync(FOLDER).filter((name) => name.endsWith('.recorded.json'))) {
  const records = loadJson(readFileSync(new URL(file, FOLDER), 'utf8')) as ReadonlyMap<Value, Value>[];
  describe(file, () => {
    it.each(records.map((record, index) => [title(record, index), record] as const))('%s', (_title, record) => {
      expect(answer(record)).toBe(record.has('error') ? 'an error' : record.get('repr'));
    });
  });
}

function title(record: ReadonlyMap<Value, Value>, index: number): string {
  const name = String(record.get('filter') ?? record.get('test'));
  return `${index} ${repr(record.get('input')!).slice(0, 60)} | ${name} ${repr(record.get('args')!)} ${repr(record.get('named')!)}`;
}
