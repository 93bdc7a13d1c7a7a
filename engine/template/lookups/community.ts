// Lookups of community.general: random_string and merge_variables; of ansible.utils those that are its filters as well.

import { randomInt } from 'node:crypto';
import { type Dict, isDict, type Value } from '../../model/value.ts';
import { Fault } from '../fault.ts';
import { type Env, type Lookup, positional } from '../library.ts';
import { dictGet, dictSet } from '../python/dicts.ts';
import { compile } from '../python/regex.ts';
import { repr, str } from '../python/text.ts';
import { boolOption, intOption, textOption, warnUnknown } from './place.ts';

const LOWER = 'abcdefghijklmnopqrstuvwxyz';
const DIGITS = '0123456789';
const SPECIAL = '!"#$%&\'()*+,-./:;<=>?@[\\]^_`{|}~';
/** The option that asks for a kind of characters, the one that demands some, and the characters. */
const KINDS = [
  ['lower', 'min_lower', LOWER],
  ['upper', 'min_upper', LOWER.toUpperCase()],
  ['numbers', 'min_numeric', DIGITS],
  ['special', 'min_special', SPECIAL],
] as const;
const STRING_OPTIONS = [
  ...KINDS.flat(),
  'length',
  'base64',
  'ignore_similar_chars',
  'similar_chars',
  'override_all',
  'override_special',
];

const randomString: Lookup = {
  run(_terms, options, env) {
    warnUnknown(env, 'random_string', options, STRING_OPTIONS);
    const similar = boolOption(options, 'ignore_similar_chars', false)
      ? textOption(options, 'similar_chars', 'il1LoO0')
      : '';
    const usable = (chars: string) => Array.from(chars).filter((char) => !similar.includes(char));
    const overriding = textOption(options, 'override_all');
    const chosen: string[] = [];
    const pool: string[] = overriding === undefined ? [] : usable(overriding);
    for (const [wanted, least, chars] of KINDS) {
      const own = usable(wanted === 'special' ? textOption(options, 'override_special', chars) : chars);
      if (overriding === undefined && boolOption(options, wanted, true)) pool.push(...own);
      for (let left = intOption(options, least, 0); left > 0; left--) chosen.push(pickOne(own));
    }
    const length = intOption(options, 'length', 8);
    if (pool.length === 0)
      throw new Fault('LookupError', 'Available characters cannot be None, please change constraints');
    while (chosen.length < length) chosen.push(pickOne(pool));
    for (let at = chosen.length - 1; at > 0; at--) {
      const other = randomInt(at + 1);
      [chosen[at], chosen[other]] = [chosen[other]!, chosen[at]!];
    }
    const made = chosen.slice(0, Math.max(length, 0)).join('');
    return [boolOption(options, 'base64', false) ? Buffer.from(made).toString('base64') : made];
  },
};

function pickOne(chars: readonly string[]): string {
  return chars[randomInt(chars.length)]!;
}

const mergeVariables: Lookup = {
  run(terms, options, env) {
    warnUnknown(env, 'merge_variables', options, ['pattern_type', 'initial_value', 'override', 'groups']);
    if ((options.get('groups') ?? null) !== null)
      throw new Fault('LookupError', "the option 'groups' of merge_variables is not supported");
    const kind = textOption(options, 'pattern_type', 'regex');
    const override = textOption(options, 'override', 'error');
    for (const [name, value, choices] of [
      ['pattern_type', kind, ['prefix', 'suffix', 'regex']],
      ['override', override, ['error', 'warn', 'ignore']],
    ] as const)
      if (!(choices as readonly string[]).includes(value))
        throw new Fault('LookupError', `the option '${name}' must be one of ${choices.join(', ')}, not '${value}'`);
    return terms.map((term) => {
      const names = [...env.variableNames()].filter((name) => matches(name, str(term), kind)).sort();
      let merged: Value | undefined = options.get('initial_value') ?? undefined;
      for (const name of names) merged = merge(merged, env.variable(name)!, [name], override, env);
      return merged ?? null;
    });
  },
};

function matches(name: string, pattern: string, kind: string): boolean {
  if (kind === 'prefix') return name.startsWith(pattern);
  return kind === 'suffix' ? name.endsWith(pattern) : compile(pattern).match(name) !== undefined;
}

/** `over` merged into `under`: lists are joined, dicts merged, anything else must not be there twice. */
function merge(under: Value | undefined, over: Value, path: readonly string[], override: string, env: Env): Value {
  if (under === undefined) return over;
  if (Array.isArray(under) && Array.isArray(over)) return [...under, ...over];
  if (!isDict(under) || !isDict(over))
    throw new Fault('LookupError', `Unable to merge, not all variables are of the same type: '${path.join('.')}'`);
  const merged: Dict = new Map(under);
  for (const [key, value] of over) {
    const old = dictGet(merged, key);
    const deeper = [...path, str(key)];
    const joins = old !== undefined && ((isDict(old) && isDict(value)) || (Array.isArray(old) && Array.isArray(value)));
    if (old !== undefined && !joins) told(old, value, deeper, override, env);
    dictSet(merged, key, joins ? merge(old, value, deeper, override, env) : value);
  }
  return merged;
}

function told(old: Value, value: Value, path: readonly string[], override: string, env: Env): void {
  const message = `The key '${path.at(-1)}' with value ${repr(old)} will be overwritten with value ${repr(value)} from '${path.join('.')}'`;
  if (override === 'error') throw new Fault('LookupError', message);
  if (override === 'warn') env.context.warn(message, env.position);
}

/** A filter of ansible.utils as the lookup that it is as well: the term is what it is applied to. */
function asFilter(name: string): Lookup {
  return {
    run([input, ...further], options, env) {
      const result = env.filter(`ansible.utils.${name}`, input ?? null, { ...positional(...further), named: options });
      return Array.isArray(result) ? result : [result];
    },
  };
}

export const communityLookups: readonly (readonly [string, Lookup])[] = [
  ['community.general.random_string', randomString],
  ['community.general.merge_variables', mergeVariables],
  ['ansible.utils.get_path', asFilter('get_path')],
  ['ansible.utils.index_of', asFilter('index_of')],
  ['ansible.utils.to_paths', asFilter('to_paths')],
];
