// The lookup `merge_variables` of community.general: all variables of a kind of name in one.

import { type Dict, isDict, type Value } from '../../model/value.ts';
import { Fault } from '../fault.ts';
import type { Env, Lookup } from '../library.ts';
import { iterate } from '../python/compare.ts';
import { dictGet, dictSet } from '../python/dicts.ts';
import { compile } from '../python/regex.ts';
import { str } from '../python/text.ts';
import { isText, typeName } from '../python/types.ts';

export const mergeVariables: Lookup = {
  options: {
    pattern_type: {
      type: 'str',
      default: 'regex',
      choices: ['prefix', 'suffix', 'regex'],
      env: ['ANSIBLE_MERGE_VARIABLES_PATTERN_TYPE'],
      ini: [['merge_variables_lookup', 'pattern_type']],
    },
    initial_value: {},
    override: {
      type: 'str',
      default: 'error',
      choices: ['error', 'warn', 'ignore'],
      env: ['ANSIBLE_MERGE_VARIABLES_OVERRIDE'],
      ini: [['merge_variables_lookup', 'override']],
    },
    groups: { type: 'list' },
  },
  run(terms, options, env) {
    const [kind, override] = [options.text('pattern_type')!, options.text('override')!];
    const places =
      options.value('groups') === null ? [ownVariables(env)] : hostsVariables(options.words('groups'), env);
    return terms.map((term) => {
      if (!isText(term))
        throw new Fault(
          'LookupError',
          `Non-string type '<class '${typeName(term)}'>' passed, only 'str' types are allowed!`,
        );
      let merged: Value | undefined = options.value('initial_value') ?? undefined;
      for (const { names, read } of places)
        for (const name of names.filter((each) => matches(each, str(term), kind)).sort())
          merged = merge(merged, read(name), [name], override, env);
      return merged ?? null;
    });
  },
};

interface Variables {
  readonly names: readonly string[];
  read(name: string): Value;
}

function ownVariables(env: Env): Variables {
  return { names: [...env.variableNames()], read: (name) => env.variable(name) ?? null };
}

/** The variables of each host of the groups. */
function hostsVariables(groups: readonly string[], env: Env): Variables[] {
  const [members, hostvars] = [env.variable('groups') ?? null, env.variable('hostvars') ?? null];
  if (!isDict(members) || !isDict(hostvars)) return [];
  const hosts = new Set(groups.flatMap((group) => iterate(dictGet(members, group) ?? [])));
  return [...hostvars.keys()]
    .filter((host) => hosts.has(host))
    .map((host) => dictGet(hostvars, host) ?? null)
    .filter(isDict)
    .map((own) => ({ names: [...own.keys()].map(str), read: (name) => dictGet(own, name) ?? null }));
}

function matches(name: string, pattern: string, kind: string): boolean {
  if (kind === 'prefix') return name.startsWith(pattern);
  return kind === 'suffix' ? name.endsWith(pattern) : compile(pattern).search(name) !== undefined;
}

/** `over` merged into `under`: lists are joined, dicts merged, anything else must not be there twice. */
function merge(under: Value | undefined, over: Value, path: readonly string[], override: string, env: Env): Value {
  if (!isDict(over) && !Array.isArray(over))
    throw new Fault('LookupError', 'Not supported type detected, variable must be a list or a dict');
  if (under === undefined) return over;
  if (Array.isArray(under) && Array.isArray(over)) return [...under, ...over];
  if (!isDict(under) || !isDict(over))
    throw new Fault('LookupError', 'Unable to merge, not all variables are of the same type', {
      hint: `The one that does not fit is '${path.join('.')}'.`,
    });
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
  const message = `The key '${path.at(-1)}' with value '${str(old)}' will be overwritten with value '${str(value)}' from '${path.join('.')}'`;
  if (override === 'error') throw new Fault('LookupError', message);
  if (override === 'warn') env.context.warn(message, env.position);
}
