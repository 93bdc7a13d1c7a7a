// Tests of what a task answered: changed, failed, skipped, reachable, finished ...

import { type Dict, isDict, type Value } from '../../model/value.ts';
import { Fault } from '../fault.ts';
import { boolOf } from '../filters/boolean.ts';
import { truth } from '../python/compare.ts';
import { typeName } from '../python/types.ts';
import { resultOf, type TestTable, test } from './define.ts';

function holds(result: Dict, key: string): boolean {
  const value = result.get(key);
  return value !== undefined && truth(value);
}

function hasChanged(input: Value): boolean {
  const result = resultOf(input, 'changed');
  if (result.has('changed')) return holds(result, 'changed');
  const results = result.get('results');
  if (!Array.isArray(results)) return false;
  if (results.length === 0) throw new Fault('IndexError', 'list index out of range');
  return results.some((each) => isDict(each) && holds(each, 'changed'));
}

function hasFailed(input: Value, name = 'failed'): boolean {
  return holds(resultOf(input, name), 'failed');
}

/** `started` and `finished` of an async task; a result that says nothing of them counts as both. */
function asyncFlag(key: 'started' | 'finished') {
  return (input: Value): boolean => {
    const value = resultOf(input, key).get(key);
    return value === undefined || (boolOf(value) ?? truth(value));
  };
}

function hasTimedOut(input: Value): boolean {
  const timedOut = resultOf(input, 'timedout').get('timedout');
  if (timedOut === undefined || !truth(timedOut)) return false;
  if (!isDict(timedOut)) throw new Fault('TypeError', `'${typeName(timedOut)}' object has no attribute 'get'`);
  return holds(timedOut, 'period');
}

export const results: TestTable = [
  ...test(['changed', 'change'], [], hasChanged),
  ...test(['failed', 'failure'], [], (input) => hasFailed(input)),
  ...test(['succeeded', 'success', 'successful'], [], (input) => !hasFailed(input, 'success')),
  ...test(['skipped', 'skip'], [], (input) => holds(resultOf(input, 'skipped'), 'skipped')),
  ...test('unreachable', [], (input) => holds(resultOf(input, 'unreachable'), 'unreachable')),
  ...test('reachable', [], (input) => !holds(resultOf(input, 'reachable'), 'unreachable')),
  ...test('started', [], asyncFlag('started')),
  ...test('finished', [], asyncFlag('finished')),
  ...test('timedout', [], hasTimedOut),
];
