// Tests of what kind of value something is.

import { isDict, Opaque, PySet, Tuple, type Value } from '../../model/value.ts';
import { Fault } from '../fault.ts';
import { boolOf } from '../filters/boolean.ts';
import type { Env } from '../library.ts';
import { isIterable, length, truth } from '../python/compare.ts';
import { isFloat, isInt, isNumeric } from '../python/numbers.ts';
import { repr, str } from '../python/text.ts';
import { isText, Markup } from '../python/types.ts';
import { Undefined } from '../undefined.ts';
import { type TestTable, test } from './define.ts';

const ANY = { takesUndefined: true, keepsTrust: true } as const;

function isSequence(input: Value): boolean {
  if (input instanceof Undefined) return input.soft;
  if (isText(input) || Array.isArray(input) || input instanceof Tuple || isDict(input) || input instanceof PySet)
    return true;
  try {
    return length(input) >= 0 && isIterable(input);
  } catch {
    return false;
  }
}

function isCallable(input: Value): boolean {
  if (input instanceof Undefined) return true;
  return input instanceof Opaque && typeof (input as { call?: unknown }).call === 'function';
}

/** Ansible's `truthy` and `falsy`: with `convert_bool`, words such as `yes` count too. */
function isTruthy(input: Value, convert: Value | undefined): boolean {
  if (convert !== undefined && truth(convert)) {
    const converted = boolOf(input);
    if (converted !== undefined) return converted;
  }
  return truth(input);
}

export const kinds: TestTable = [
  ...test('defined', [], (input) => !(input instanceof Undefined), ANY),
  ...test('undefined', [], (input) => input instanceof Undefined, ANY),
  ...test('boolean', [], (input) => typeof input === 'boolean'),
  ...test('true', [], (input) => input === true),
  ...test('false', [], (input) => input === false),
  ...test('none', [], (input) => input === null),
  ...test('integer', [], (input) => isInt(input)),
  ...test('float', [], (input) => isFloat(input)),
  ...test('number', [], (input) => isNumeric(input)),
  ...test('string', [], (input) => isText(input)),
  ...test('mapping', [], (input) => isDict(input)),
  ...test('sequence', [], isSequence),
  ...test('iterable', [], (input) => (input instanceof Undefined ? input.soft || input.trip() : isIterable(input))),
  ...test('callable', [], isCallable),
  ...test('escaped', [], (input) => input instanceof Markup, { keepsTrust: true }),
  ...test('lower', [], (input) => isCased(str(input), 'lower')),
  ...test('upper', [], (input) => isCased(str(input), 'upper')),
  ...test('sameas', ['other'], (input, [other]) => input === other, { keepsTrust: true }),
  ...test('truthy', ['convert_bool?'], (input, [convert]) => isTruthy(input, convert)),
  ...test('falsy', ['convert_bool?'], (input, [convert]) => !isTruthy(input, convert)),
  ...test(['nan', 'isnan'], [], (input) => typeof input === 'number' && Number.isNaN(input)),
  ...test('filter', [], (input, _args, env) => known(env.hasFilter(str(input)), input, env)),
  ...test('test', [], (input, _args, env) => known(env.hasTest(str(input)), input, env)),
];

/** Python's `islower` and `isupper`: there is a letter, and none of the other case. */
function isCased(text: string, wanted: 'lower' | 'upper'): boolean {
  const same = wanted === 'lower' ? text.toLowerCase() : text.toUpperCase();
  return text === same && text.toLowerCase() !== text.toUpperCase();
}

/** Of old a name that was not there could not even be asked for. */
function known(there: boolean, name: Value, env: Env): boolean {
  if (!there && env.typing === 'classic')
    throw new Fault('TemplateError', `Could not load "${str(name)}": ${repr(name)}`);
  return there;
}
