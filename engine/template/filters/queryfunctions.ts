// The functions of JMESPath.

import { float, isDict, type Value } from '../../model/value.ts';
import { Fault } from '../fault.ts';
import { add, divide } from '../python/arithmetic.ts';
import { compare, contains, length } from '../python/compare.ts';
import { dumpJson } from '../python/json.ts';
import { isNumeric, parseFloating, parseInteger, toNumber, truncate } from '../python/numbers.ts';
import { str } from '../python/text.ts';
import { characters, isText } from '../python/types.ts';

/** `&name`: an expression handed to a function. */
export type Expression = (item: Value) => Value;
type Argument = Value | Expression;

type Kind = 'any' | 'array' | 'object' | 'string' | 'number' | 'expression' | 'numbers' | 'strings';

interface Definition {
  /** The kinds of each argument, alternatives parted by `|`; a last one with `...` repeats. */
  readonly takes: readonly string[];
  readonly run: (...args: never[]) => Value;
}

function is(kind: Kind, value: Argument): boolean {
  if (kind === 'expression') return typeof value === 'function';
  if (typeof value === 'function') return false;
  switch (kind) {
    case 'any':
      return true;
    case 'array':
      return Array.isArray(value);
    case 'object':
      return isDict(value);
    case 'string':
      return isText(value);
    case 'number':
      return isNumber(value);
    case 'numbers':
      return Array.isArray(value) && value.every(isNumber);
    case 'strings':
      return Array.isArray(value) && value.every(isText);
  }
}

function isNumber(value: Value): boolean {
  return isNumeric(value) && typeof value !== 'boolean';
}

function typeOf(value: Value): string {
  if (value === null) return 'null';
  if (typeof value === 'boolean') return 'boolean';
  if (isText(value)) return 'string';
  return isNumeric(value) ? 'number' : Array.isArray(value) ? 'array' : 'object';
}

function extreme(values: readonly Value[], by: Expression, sign: 1 | -1): Value {
  let best: Value | undefined;
  for (const value of values) if (best === undefined || compare(by(value), by(best)) * sign > 0) best = value;
  return best ?? null;
}

function sortedBy(values: readonly Value[], by: Expression): Value[] {
  const keyed = values.map((value) => [by(value), value] as const);
  const kinds = new Set(keyed.map(([key]) => typeOf(key)));
  if (kinds.size > 1 || [...kinds].some((kind) => kind !== 'number' && kind !== 'string'))
    throw new Fault(
      'TemplateError',
      `JMESPath: only numbers or only strings can be sorted, not ${[...kinds].join(' and ')}`,
    );
  return keyed.sort(([a], [b]) => compare(a, b)).map(([, value]) => value);
}

const self: Expression = (item) => item;

function toNumberOr(value: Value): Value {
  if (isNumber(value)) return value;
  return isText(value) ? (parseInteger(str(value)) ?? parseFloating(str(value)) ?? null) : null;
}

function rounded(round: (x: number) => number) {
  return (x: Value) => truncate(round(toNumber(x as number)));
}

const FUNCTIONS: Readonly<Record<string, Definition>> = {
  abs: { takes: ['number'], run: (x: Value) => (compare(x, 0) < 0 ? negated(x) : x) },
  avg: {
    takes: ['numbers'],
    run: (xs: Value[]) =>
      xs.length === 0
        ? null
        : divide(
            xs.reduce((a, b) => add(a, b), 0),
            xs.length,
          ),
  },
  ceil: { takes: ['number'], run: rounded(Math.ceil) },
  contains: {
    takes: ['array|string', 'any'],
    run: (box: Value, item: Value) => (isText(box) && !isText(item) ? false : contains(box, item)),
  },
  ends_with: { takes: ['string', 'string'], run: (text: Value, end: Value) => str(text).endsWith(str(end)) },
  floor: { takes: ['number'], run: rounded(Math.floor) },
  join: { takes: ['string', 'strings'], run: (glue: Value, xs: Value[]) => xs.map(str).join(str(glue)) },
  keys: { takes: ['object'], run: (dict: Map<Value, Value>) => [...dict.keys()] },
  length: { takes: ['string|array|object'], run: (x: Value) => length(x) },
  map: { takes: ['expression', 'array'], run: (by: Expression, xs: Value[]) => xs.map(by) },
  max: { takes: ['numbers|strings'], run: (xs: Value[]) => extreme(xs, self, 1) },
  max_by: { takes: ['array', 'expression'], run: (xs: Value[], by: Expression) => extreme(xs, by, 1) },
  merge: {
    takes: ['object', 'object...'],
    run: (...dicts: Map<Value, Value>[]) => new Map(dicts.flatMap((dict) => [...dict])),
  },
  min: { takes: ['numbers|strings'], run: (xs: Value[]) => extreme(xs, self, -1) },
  min_by: { takes: ['array', 'expression'], run: (xs: Value[], by: Expression) => extreme(xs, by, -1) },
  not_null: { takes: ['any', 'any...'], run: (...xs: Value[]) => xs.find((x) => x !== null) ?? null },
  reverse: {
    takes: ['string|array'],
    run: (x: Value) => (isText(x) ? characters(str(x)).reverse().join('') : [...(x as Value[])].reverse()),
  },
  sort: { takes: ['numbers|strings'], run: (xs: Value[]) => sortedBy(xs, self) },
  sort_by: { takes: ['array', 'expression'], run: sortedBy },
  starts_with: { takes: ['string', 'string'], run: (text: Value, start: Value) => str(text).startsWith(str(start)) },
  sum: { takes: ['numbers'], run: (xs: Value[]) => xs.reduce((a, b) => add(a, b), 0) },
  to_array: { takes: ['any'], run: (x: Value) => (Array.isArray(x) ? x : [x]) },
  to_number: { takes: ['any'], run: toNumberOr },
  to_string: { takes: ['any'], run: (x: Value) => (isText(x) ? x : dumpJson(x, { separators: [',', ':'] })) },
  type: { takes: ['any'], run: typeOf },
  values: { takes: ['object'], run: (dict: Map<Value, Value>) => [...dict.values()] },
};

function negated(x: Value): Value {
  return typeof x === 'bigint' ? -x : typeof x === 'number' && Number.isInteger(x) ? -x : float(-toNumber(x as number));
}

/** Calls a JMESPath function. Throws a Fault for an unknown name and for arguments of the wrong number or kind. */
export function callFunction(name: string, args: readonly Argument[]): Value {
  const definition = Object.hasOwn(FUNCTIONS, name) ? FUNCTIONS[name] : undefined;
  if (definition === undefined) throw new Fault('TemplateError', `JMESPath: unknown function ${name}()`);
  const { takes } = definition;
  const variadic = takes[takes.length - 1]!.endsWith('...');
  if (variadic ? args.length < takes.length - 1 : args.length !== takes.length)
    throw new Fault('TemplateError', `JMESPath: ${name}() takes ${takes.length} arguments, not ${args.length}`);
  for (const [i, arg] of args.entries()) {
    const kinds = (takes[i] ?? takes[takes.length - 1]!).replace('...', '').split('|') as Kind[];
    if (!kinds.some((kind) => is(kind, arg)))
      throw new Fault('TemplateError', `JMESPath: argument ${i + 1} of ${name}() must be ${kinds.join(' or ')}`);
  }
  return definition.run(...(args as never[]));
}
