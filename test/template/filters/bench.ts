// Calls filters and tests without an evaluator: just enough of an `Env` for those that call others or follow attributes.

import { isDict, Tuple, type Value } from '../../../engine/model/value.ts';
import { Fault } from '../../../engine/template/fault.ts';
import { filters } from '../../../engine/template/filters/index.ts';
import { type CallArgs, type Env, NO_ARGS } from '../../../engine/template/library.ts';
import { dictGet } from '../../../engine/template/python/dicts.ts';
import { tests } from '../../../engine/template/tests/index.ts';
import { Undefined } from '../../../engine/template/undefined.ts';
import { NO_SERVICES } from '../services.ts';

export const warnings: string[] = [];

function itemOf(value: Value, key: Value): Value {
  const items = value instanceof Tuple ? value.items : value;
  const found = isDict(value)
    ? dictGet(value, key)
    : Array.isArray(items) && typeof key === 'number'
      ? items.at(key)
      : undefined;
  return found ?? (found === null ? null : new Undefined(`no item ${String(key)}`));
}

function refuse(): never {
  throw new Error('not part of this bench');
}

/** Calls a filter as a template would. */
export function callFilter(name: string, input: Value, args: CallArgs = NO_ARGS): Value {
  const filter = filters.get(name);
  if (filter === undefined) throw new Fault('TemplateError', `No filter named '${name}'.`);
  if (input instanceof Undefined && !filter.takesUndefined) return input.trip();
  return filter.call(input, args, bench);
}

/** Calls a test as a template would. */
export function callTest(name: string, input: Value, args: CallArgs = NO_ARGS, env: Env = bench): boolean {
  const test = tests.get(name);
  if (test === undefined) throw new Fault('TemplateError', `No test named '${name}'.`);
  if (input instanceof Undefined && !test.takesUndefined) return input.trip();
  return test.call(input, args, env);
}

export const bench: Env = {
  context: {
    scope: { get: () => undefined, names: () => [] },
    searchPath: [],
    basedir: '/',
    services: NO_SERVICES,
    warn: (message) => warnings.push(message),
  },
  typing: 'modern',
  position: undefined,
  filter: callFilter,
  test: callTest,
  hasFilter: (name) => filters.has(name),
  hasTest: (name) => tests.has(name),
  lookup: refuse,
  call: refuse,
  attribute: itemOf,
  item: itemOf,
  variable: () => undefined,
  variableNames: () => [],
  render: (value) => value,
  evaluate: refuse,
  renderFile: refuse,
};
