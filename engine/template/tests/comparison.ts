// Tests that compare: eq, lt ..., in, contains, subset, any, all, divisibleby.

import type { Value } from '../../model/value.ts';
import { modulo } from '../python/arithmetic.ts';
import { compare, contains, equals, iterate, truth } from '../python/compare.ts';
import { PythonSet } from '../python/sets.ts';
import { type TestTable, test } from './define.ts';

function isDivisible(input: Value, by: Value): boolean {
  return equals(modulo(input, by), 0);
}

function isSubset(small: Value, large: Value): boolean {
  return PythonSet.of(iterate(small)).isSubsetOf(PythonSet.of(iterate(large)));
}

export const comparison: TestTable = [
  ...test(['eq', 'equalto', '=='], ['b'], (input, [other]) => equals(input, other!)),
  ...test(['ne', '!='], ['b'], (input, [other]) => !equals(input, other!)),
  ...test(['lt', 'lessthan', '<'], ['b'], (input, [other]) => compare(input, other!, '<') < 0),
  ...test(['le', '<='], ['b'], (input, [other]) => compare(input, other!, '<=') <= 0),
  ...test(['gt', 'greaterthan', '>'], ['b'], (input, [other]) => compare(input, other!, '>') > 0),
  ...test(['ge', '>='], ['b'], (input, [other]) => compare(input, other!, '>=') >= 0),
  ...test('in', ['seq'], (input, [container]) => contains(container!, input)),
  ...test('contains', ['item'], (input, [item]) => contains(input, item!)),
  ...test('odd', [], (input) => equals(modulo(input, 2), 1)),
  ...test('even', [], (input) => equals(modulo(input, 2), 0)),
  ...test('divisibleby', ['num'], (input, [by]) => isDivisible(input, by!)),
  ...test(['subset', 'issubset'], ['b'], (input, [other]) => isSubset(input, other!)),
  ...test(['superset', 'issuperset'], ['b'], (input, [other]) => isSubset(other!, input)),
  ...test('any', [], (input) => iterate(input).some((item) => truth(item))),
  ...test('all', [], (input) => iterate(input).every((item) => truth(item))),
];
