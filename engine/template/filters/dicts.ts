// Ansible's filters over dicts: combine, dict2items, items2dict, subelements, extract, rekey_on_member.

import { type Dict, isDict, Tuple, type Value } from '../../model/value.ts';
import { Fault } from '../fault.ts';
import type { Env } from '../library.ts';
import { contains, equals, iterate } from '../python/compare.ts';
import { dictGet, dictHas, dictSet } from '../python/dicts.ts';
import { repr, str } from '../python/text.ts';
import { isText, typeName } from '../python/types.ts';
import { Undefined } from '../undefined.ts';
import { type Bound, type FilterTable, filter, flag, rawFilter, refuse, text } from './define.ts';

const WHOLE = { keepsTrust: true } as const;
const LIST_MERGES = ['replace', 'keep', 'append', 'prepend', 'append_rp', 'prepend_rp'] as const;
type ListMerge = (typeof LIST_MERGES)[number];

/** Lays `over` upon `under` as `combine` does; neither is changed. */
export function merge(under: Dict, over: Dict, recursive: boolean, lists: ListMerge): Dict {
  // Where both are the same there is nothing to lay: lists do not grow.
  if (lists !== 'replace' && lists !== 'keep' && equals(under, over)) return over;
  const merged: Dict = new Map(under);
  for (const [key, value] of over) {
    const old = dictGet(merged, key);
    if (recursive && old !== undefined && isDict(old) && isDict(value))
      dictSet(merged, key, merge(old, value, recursive, lists));
    else if (Array.isArray(old) && Array.isArray(value)) dictSet(merged, key, mergeLists(old, value, lists));
    else dictSet(merged, key, value);
  }
  return merged;
}

function mergeLists(under: Value[], over: Value[], how: ListMerge): Value[] {
  switch (how) {
    case 'replace':
      return over;
    case 'keep':
      return under;
    case 'append':
      return [...under, ...over];
    case 'prepend':
      return [...over, ...under];
    case 'append_rp':
      return [...under.filter((item) => !contains(over, item)), ...over];
    case 'prepend_rp':
      return [...over, ...under.filter((item) => !contains(over, item))];
  }
}

/** The `list_merge` argument. Throws for a word that it does not take. */
export function listMergeOf(value: Value | undefined): ListMerge {
  const name = text(value, 'replace');
  const known = LIST_MERGES.find((each) => each === name);
  return (
    known ??
    refuse(`'list_merge' argument can only be equal to one of: ${LIST_MERGES.map((each) => `'${each}'`).join(', ')}`)
  );
}

const combine = rawFilter(
  'combine',
  (input, args) => {
    for (const key of args.named.keys())
      if (key !== 'recursive' && key !== 'list_merge')
        refuse("'recursive' and 'list_merge' are the only valid keyword arguments");
    const recursive = flag(args.named.get('recursive'));
    const lists = listMergeOf(args.named.get('list_merge'));
    const dicts: Value[] = [];
    for (const term of [input, ...args.positional])
      for (const each of Array.isArray(term) || term instanceof Tuple ? iterate(term) : [term])
        if (each !== null) dicts.push(each);
    if (dicts.length === 1) return dicts[0]!;
    // From the right: what lists become hangs on it.
    let merged: Dict = new Map();
    for (let i = dicts.length - 1; i >= 0; i--) {
      const dict = dicts[i]!;
      if (dict instanceof Undefined) dict.trip();
      if (!isDict(dict)) refuse(`failed to combine variables, expected dicts but got a '${typeName(dict)}'`);
      merged = i === dicts.length - 1 ? dict : merge(dict, merged, recursive, lists);
    }
    return merged;
  },
  WHOLE,
);

function dict2items(input: Value, [keyName, valueName]: Bound): Value {
  if (!isDict(input)) refuse(`dict2items requires a dictionary, got ${typeName(input)} instead.`);
  const [key, value] = [text(keyName, 'key'), text(valueName, 'value')];
  return [...input].map(
    ([k, v]): Dict =>
      new Map<Value, Value>([
        [key, k],
        [value, v],
      ]),
  );
}

function items2dict(input: Value, [keyName, valueName]: Bound): Value {
  if (isText(input) || isDict(input) || !Array.isArray(iterate(input)))
    refuse(`items2dict requires a list, got ${typeName(input)} instead.`);
  const [key, value] = [keyName ?? 'key', valueName ?? 'value'];
  const dict: Dict = new Map();
  for (const item of iterate(input)) {
    if (!isDict(item)) refuse(`items2dict requires a list of dictionaries, got ${typeName(item)} in it instead.`);
    const [k, v] = [dictGet(item, key), dictGet(item, value)];
    if (k === undefined || v === undefined)
      refuse(
        `items2dict requires each dictionary in the list to contain the keys '${str(key)}' and '${str(value)}', got ${repr(item)} instead.`,
      );
    dictSet(dict, k, v);
  }
  return dict;
}

function subelements(input: Value, [path, skipMissing]: Bound): Value {
  const elements = isDict(input)
    ? [...input.values()]
    : Array.isArray(input)
      ? input
      : refuse('obj must be a list of dicts or a nested dict');
  const parts = isText(path!)
    ? str(path).split('.')
    : Array.isArray(path)
      ? path
      : refuse('subelements must be a list or a string');
  const results: Value[] = [];
  for (const element of elements) {
    let values: Value = element;
    let missing = false;
    for (const part of parts) {
      if (!isDict(values))
        throw new Fault('TypeError', `the key ${str(part)} should point to a dictionary, got ${repr(values)}`);
      const next = dictGet(values, part);
      if (next === undefined) {
        if (!flag(skipMissing))
          throw new Fault('KeyError', `could not find ${repr(part)} key in iterated item ${repr(values)}`);
        missing = true;
        break;
      }
      values = next;
    }
    if (missing) continue;
    if (!Array.isArray(values))
      throw new Fault('TypeError', `the key ${repr(parts.at(-1) ?? null)} should point to a list, got ${repr(values)}`);
    for (const value of values) results.push(new Tuple([element, value]));
  }
  return results;
}

function extract(input: Value, [container, moreKeys]: Bound, env: Env): Value {
  const keys = moreKeys === undefined || moreKeys === null ? [] : Array.isArray(moreKeys) ? moreKeys : [moreKeys];
  let value = env.item(container!, input);
  for (const key of keys) {
    if (value instanceof Undefined) return value;
    value = env.item(value, key);
  }
  return value;
}

function rekeyOnMember(input: Value, [key, duplicates]: Bound): Value {
  const how = text(duplicates, 'error');
  if (how !== 'error' && how !== 'overwrite')
    refuse(`duplicates parameter to rekey_on_member has unknown value: ${how}`);
  const items = isDict(input)
    ? [...input.values()]
    : Array.isArray(input) || input instanceof Tuple
      ? iterate(input)
      : refuse('Type is not a valid list, set, or dict');
  const rekeyed: Dict = new Map();
  for (const item of items) {
    if (!isDict(item)) refuse('List item is not a valid dict');
    const member = dictGet(item, key!);
    if (member === undefined) refuse(`Key ${str(key!)} was not found`);
    if (how === 'error' && dictHas(rekeyed, member))
      refuse(`Key ${str(member)} is not unique, cannot correctly turn into dict`);
    dictSet(rekeyed, member, item);
  }
  return rekeyed;
}

export const dicts: FilterTable = [
  combine,
  filter('dict2items', ['key_name?', 'value_name?'], dict2items, WHOLE),
  filter('items2dict', ['key_name?', 'value_name?'], items2dict, WHOLE),
  filter('subelements', ['subelements', 'skip_missing?'], subelements, WHOLE),
  filter('extract', ['container', 'morekeys?'], extract, WHOLE),
  filter('rekey_on_member', ['key', 'duplicates?'], rekeyOnMember, WHOLE),
];
