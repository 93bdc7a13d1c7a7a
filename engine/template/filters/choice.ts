// Filters that choose or judge: default, ternary, mandatory, bool, attr, type_debug.

import { isDict, OMIT, type Value } from '../../model/value.ts';
import { Fault } from '../fault.ts';
import type { Env } from '../library.ts';
import { truth } from '../python/compare.ts';
import { dictHas } from '../python/dicts.ts';
import { repr, str } from '../python/text.ts';
import { isText, typeName } from '../python/types.ts';
import { Undefined } from '../undefined.ts';
import { boolOf } from './boolean.ts';
import { alias, type Bound, type FilterTable, filter, flag, text } from './define.ts';

const ANY = { takesUndefined: true, keepsTrust: true } as const;

function fallback(input: Value, [value, boolean]: Bound, env: Env): Value {
  if (env.typing === 'modern' && boolean !== undefined && typeof boolean !== 'boolean')
    throw new Fault('TypeError', `The 'boolean' argument must be of type 'bool', not '${typeName(boolean)}'.`);
  if (input instanceof Undefined || (flag(boolean) && !truth(input))) return value ?? (value === null ? null : '');
  return input;
}

function mandatory(input: Value, [message]: Bound): Value {
  if (!(input instanceof Undefined)) return input;
  if (message !== undefined && message !== null && truth(message)) throw new Fault('TemplateError', str(message));
  const name = input.missing === undefined ? '' : `${repr(input.missing)} `;
  throw new Fault('TemplateError', `Mandatory variable ${name}not defined.`);
}

function ternary(input: Value, [yes, no, none]: Bound): Value {
  if (input instanceof Undefined) return input.trip();
  if (input === null && none !== undefined && none !== null) return none;
  return truth(input) ? yes! : no!;
}

/** The words that the `bool` filter knows, in any case. */
const PLAIN_WORDS = new Map<string, boolean>([
  ['yes', true],
  ['on', true],
  ['1', true],
  ['true', true],
  ['no', false],
  ['off', false],
  ['0', false],
  ['false', false],
]);

function bool(input: Value, _args: Bound, env: Env): Value {
  if (input === null && env.typing === 'classic') return null;
  const known = isText(input) ? PLAIN_WORDS.get(str(input).toLowerCase()) : boolOf(input);
  if (known !== undefined) return known;
  env.context.warn(
    `The \`bool\` filter coerced invalid value ${repr(input)} (${typeName(input)}) to False.`,
    env.position,
  );
  return false;
}

/** Ansible's names of native types, as `type_debug` tells them. */
function typeDebug(input: Value, _args: Bound, env: Env): Value {
  if (input instanceof Undefined) return env.typing === 'classic' ? 'AnsibleUndefined' : 'UndefinedMarker';
  return input === OMIT ? 'Omit' : typeName(input);
}

/** An attribute proper: `attr` does not look at a dict's items. */
function attributeOf(input: Value, name: string, env: Env): Value {
  if (isDict(input) && dictHas(input, name))
    return new Undefined(`object of type 'dict' has no attribute ${repr(name)}`, name);
  return env.attribute(input, name);
}

const defaultFilter = filter('default', ['default_value?', 'boolean?'], fallback, ANY);

export const choice: FilterTable = [
  defaultFilter,
  alias('d', defaultFilter),
  filter('mandatory', ['msg?'], mandatory, ANY),
  filter('ternary', ['true_val', 'false_val', 'none_val?'], ternary, ANY),
  filter('bool', [], bool),
  filter('attr', ['name'], (input, [name], env) => attributeOf(input, text(name), env)),
  filter('type_debug', [], typeDebug, ANY),
];
