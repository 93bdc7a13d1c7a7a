// Lookups of community.general: random_string and merge_variables; of ansible.utils those that are its filters as well.

import { randomInt } from 'node:crypto';
import { type Dict, isDict, type Value } from '../../model/value.ts';
import { Fault } from '../fault.ts';
import { type Env, type Lookup, positional } from '../library.ts';
import { allowText } from '../limits.ts';
import type { Declared } from '../options.ts';
import { dictGet, dictSet } from '../python/dicts.ts';
import { compile } from '../python/regex.ts';
import { repr, str } from '../python/text.ts';

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
const STRING_OPTIONS: Declared = {
  ...Object.fromEntries(KINDS.map(([wanted]) => [wanted, { type: 'bool', default: true }])),
  ...Object.fromEntries(KINDS.map(([, least]) => [least, { type: 'int', default: 0 }])),
  length: { type: 'int', default: 8 },
  base64: { type: 'bool', default: false },
  ignore_similar_chars: { type: 'bool', default: false },
  similar_chars: { type: 'str', default: 'il1LoO0' },
  override_all: { type: 'str' },
  override_special: { type: 'str' },
};

const randomString: Lookup = {
  options: STRING_OPTIONS,
  run(_terms, options) {
    const similar = options.flag('ignore_similar_chars') ? options.text('similar_chars')! : '';
    const usable = (chars: string) => Array.from(chars).filter((char) => !similar.includes(char));
    const overriding = options.text('override_all');
    const chosen: string[] = [];
    const pool: string[] = overriding === undefined ? [] : usable(overriding);
    const length = options.number('length');
    allowText(length, 'the lookup random_string');
    for (const [wanted, least, chars] of KINDS) {
      const own = usable(wanted === 'special' ? (options.text('override_special') ?? chars) : chars);
      if (overriding === undefined && options.flag(wanted)) pool.push(...own);
      allowText(options.number(least), 'the lookup random_string');
      for (let left = options.number(least); left > 0; left--) chosen.push(pickOne(own));
    }
    if (pool.length === 0)
      throw new Fault('LookupError', 'Available characters cannot be None, please change constraints');
    while (chosen.length < length) chosen.push(pickOne(pool));
    for (let at = chosen.length - 1; at > 0; at--) {
      const other = randomInt(at + 1);
      [chosen[at], chosen[other]] = [chosen[other]!, chosen[at]!];
    }
    const made = chosen.slice(0, Math.max(length, 0)).join('');
    return [options.flag('base64') ? Buffer.from(made).toString('base64') : made];
  },
};

function pickOne(chars: readonly string[]): string {
  return chars[randomInt(chars.length)]!;
}

const mergeVariables: Lookup = {
  options: {
    pattern_type: { type: 'str', default: 'regex', choices: ['prefix', 'suffix', 'regex'] },
    initial_value: {},
    override: { type: 'str', default: 'error', choices: ['error', 'warn', 'ignore'] },
    groups: { type: 'list' },
  },
  run(terms, options, env) {
    if (options.value('groups') !== null)
      throw new Fault('LookupError', "the option 'groups' of merge_variables is not supported");
    const [kind, override] = [options.text('pattern_type')!, options.text('override')!];
    return terms.map((term) => {
      const names = [...env.variableNames()].filter((name) => matches(name, str(term), kind)).sort();
      let merged: Value | undefined = options.value('initial_value') ?? undefined;
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
      const result = env.filter(`ansible.utils.${name}`, input ?? null, {
        ...positional(...further),
        named: options.given,
      });
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
