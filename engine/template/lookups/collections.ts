// Lookups that make lists of lists and dicts: what `with_items` and its kin loop over.

import { type Dict, isDict, Tuple, type Value } from '../../model/value.ts';
import { Fault } from '../fault.ts';
import type { Lookup } from '../library.ts';
import { allowItems } from '../limits.ts';
import { iterate } from '../python/compare.ts';
import { dictGet } from '../python/dicts.ts';
import { str } from '../python/text.ts';
import { isText, typeName } from '../python/types.ts';

function isList(value: Value): value is Value[] | Tuple {
  return Array.isArray(value) || value instanceof Tuple;
}

function members(value: Value): readonly Value[] {
  return Array.isArray(value) ? value : value instanceof Tuple ? value.items : [value];
}

/** All levels flattened: community.general.flattened. A text that says that there is nothing ends its list. */
function flattened(terms: readonly Value[]): Value[] {
  const flat: Value[] = [];
  for (const term of terms) {
    if (term === 'None' || term === 'null') break;
    if (isList(term)) flat.push(...flattened(members(term)));
    else flat.push(term);
  }
  return flat;
}

function dict(terms: readonly Value[]): Value[] {
  return terms.flatMap((term) => {
    if (!isDict(term))
      throw new Fault(
        'LookupError',
        `the 'dict' lookup plugin expects a dictionary, got '${str(term)}' of type <class '${typeName(term)}'>)`,
      );
    return [...term.keys()].map(
      (key) =>
        new Map<Value, Value>([
          ['key', key],
          ['value', term.get(key)!],
        ]),
    );
  });
}

/** Every combination of an item of each list; lists among the items are taken apart as they are put together. */
function nested(terms: readonly Value[]): Value[] {
  const [first, ...others] = terms;
  if (first === undefined)
    throw new Fault('LookupError', 'with_nested requires at least one element in the nested list');
  let rows: readonly Value[] = iterate(first);
  for (const term of others) {
    const items = iterate(term);
    allowItems(rows.length * items.length, 'the lookup nested');
    rows = rows.flatMap((row) => items.map((item) => oneLevel([row, item])));
  }
  return rows.map((row) => oneLevel(iterate(row)));
}

/** The lists among the items taken apart. */
function oneLevel(values: readonly Value[]): Value[] {
  return values.flatMap((value) => (isList(value) ? [...members(value)] : [value]));
}

function cartesian(terms: readonly Value[]): Value[] {
  if (terms.length === 0) throw new Fault('LookupError', 'with_cartesian requires at least one element in each list');
  let rows: Value[][] = [[]];
  for (const term of terms) {
    const items = members(term);
    allowItems(rows.length * items.length, 'the lookup cartesian');
    rows = rows.flatMap((row) => items.map((item) => [...row, item]));
  }
  return rows.map(oneLevel);
}

function together(terms: readonly Value[]): Value[] {
  if (terms.length === 0) throw new Fault('LookupError', 'with_together requires at least one element in each list');
  const lists = terms.map((term) => iterate(term));
  const most = Math.max(...lists.map((list) => list.length));
  return Array.from({ length: most }, (_, index) => oneLevel(lists.map((list) => list[index] ?? null)));
}

const SUBELEMENTS = 'subelements lookup expects a list of two or three items,';

/** The elements with each item of a list in them; what comes of an element lacks that list. */
function subelements(terms: readonly Value[]): Value[] {
  const [source = null, path = null, flags] = terms;
  if (terms.length < 2 || terms.length > 3) throw new Fault('LookupError', SUBELEMENTS);
  if ((!isDict(source) && !Array.isArray(source)) || !isText(path))
    throw new Fault('LookupError', `${SUBELEMENTS} first a dict or a list, second a string pointing to the subkey`);
  if (flags !== undefined && !isDict(flags))
    throw new Fault('LookupError', `${SUBELEMENTS} the optional third item must be a dict with flags skip_missing`);
  const skipMissing = flags !== undefined && /^(true|yes|on|y|t|1)$/i.test(str(flags.get('skip_missing') ?? false));
  const rows: Value[] = [];
  for (const element of isDict(source) ? source.values() : source) {
    if (!isDict(element))
      throw new Fault('LookupError', `subelements lookup expects a dictionary, got '${str(element)}'`);
    if (element.get('skipped') === true) continue;
    const keys = str(path).split('.');
    const list = subelement(element, keys, skipMissing);
    if (list === undefined) continue;
    allowItems(rows.length + list.length, 'the lookup subelements');
    const rest = without(element, keys);
    for (const item of list) rows.push(new Tuple([rest, item]));
  }
  return rows;
}

/** The list that the keys lead to; undefined where one of them is missing and may be. */
function subelement(element: Dict, keys: readonly string[], skipMissing: boolean): readonly Value[] | undefined {
  let at: Dict = element;
  for (const [index, key] of keys.entries()) {
    const next = dictGet(at, key);
    if (next === undefined && skipMissing) return undefined;
    if (next === undefined) throw new Fault('LookupError', `could not find '${key}' key in iterated item '${str(at)}'`);
    const last = index === keys.length - 1;
    if (last && Array.isArray(next)) return next;
    if (last) throw new Fault('LookupError', `the key ${key} should point to a list, got '${str(next)}'`);
    if (!isDict(next))
      throw new Fault('LookupError', `the key ${key} should point to a dictionary, got '${str(next)}'`);
    at = next;
  }
  return undefined;
}

/** A copy of the dict that lacks what the keys lead to. */
function without(dict: Dict, [key = '', ...further]: readonly string[]): Dict {
  const copy: Dict = new Map(dict);
  const inner = dictGet(dict, key) ?? null;
  if (further.length > 0 && isDict(inner)) copy.set(key, without(inner, further));
  else copy.delete(key);
  return copy;
}

function randomChoice(terms: readonly Value[]): Value[] {
  const chosen = terms[Math.floor(Math.random() * terms.length)];
  return chosen === undefined ? [] : [chosen];
}

function pure(run: (terms: readonly Value[]) => Value[]): Lookup {
  return { options: {}, run };
}

export const collectionLookups: readonly (readonly [string, Lookup])[] = [
  ['items', pure(oneLevel)],
  ['list', pure((terms) => [...terms])],
  ['flattened', pure(flattened)],
  ['dict', pure(dict)],
  ['indexed_items', pure((terms) => oneLevel(terms).map((item, index) => new Tuple([index, item])))],
  ['nested', pure(nested)],
  ['cartesian', pure(cartesian)],
  ['together', pure(together)],
  ['subelements', pure(subelements)],
  ['random_choice', pure(randomChoice)],
];
