// How a test is written down, and how results of tasks are read by the tests about tasks.

import { type Dict, isDict, type Value } from '../../model/value.ts';
import { Fault } from '../fault.ts';
import { bind, type Env, type Signature, type Test, type Traits } from '../library.ts';
import { typeName } from '../python/types.ts';

export type Bound = readonly (Value | undefined)[];
export type NamedTest = readonly [name: string, test: Test];
export type TestTable = readonly NamedTest[];

/** A test whose arguments are bound to `signature` before `run` sees them, known by each of `names`. */
export function test(
  names: string | readonly string[],
  signature: Signature,
  run: (input: Value, args: Bound, env: Env) => boolean,
  traits: Traits = {},
): NamedTest[] {
  const all = typeof names === 'string' ? [names] : names;
  return all.map((name) => [
    name,
    { ...traits, call: (input, args, env) => run(input, bind(name, args, signature), env) },
  ]);
}

/** The result of a task. Throws where the value is none. */
export function resultOf(input: Value, name: string): Dict {
  if (!isDict(input))
    throw new Fault('TypeError', `The '${name}' test expects a dictionary, not '${typeName(input)}'.`);
  return input;
}
