// Lookups that make lists of lists and dicts: what `with_items` and its kin loop over.

import { type Dict, isDict, Tuple, type Value } from '../../model/value.ts';
import { Fault } from '../fault.ts';
import type { Env, Lookup } from '../library.ts';
import { allowItems } from '../limits.ts';
import { iterate } from '../python/compare.ts';
import { dictGet } from '../python/dicts.ts';
import { formatPercent } from '../python/percent.ts';
import { str } from '../python/text.ts';
import { typeName } from '../python/types.ts';

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
        `the 'dict' lookup plugin expects dictionaries, got '${str(term)}' of type ${typeName(term)}`,
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
    const items = iterate(term);
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

/** The elements with each item of a list in them; what comes of an element lacks that list. */
function subelements(terms: readonly Value[]): Value[] {
  const [source, path, flags] = terms;
  if (source === undefined || path === undefined)
    throw new Fault('LookupError', 'subelements lookup expects a list of two or three items, ');
  const skipMissing =
    isDict(flags ?? null) && /^(true|yes|1)$/i.test(str((flags as Dict).get('skip_missing') ?? false));
  const keys = str(path).split('.');
  const elements = isDict(source) ? [...source.values()] : members(source);
  const rows: Value[] = [];
  for (const element of elements) {
    if (!isDict(element))
      throw new Fault('LookupError', `subelements lookup expects a dictionary, got '${str(element)}'`);
    if (element.get('skipped') === true) continue;
    let at: Value | undefined = element;
    for (const key of keys) at = isDict(at ?? null) ? dictGet(at as Dict, key) : undefined;
    if (at === undefined) {
      if (skipMissing) continue;
      throw new Fault('LookupError', `could not find '${keys.at(-1)}' key in iterated item '${str(element)}'`);
    }
    if (!isList(at)) {
      if (skipMissing && isDict(at)) continue;
      throw new Fault('LookupError', `the key ${keys.at(-1)} should point to a list, got '${str(at)}'`);
    }
    const rest = without(element, keys);
    for (const item of members(at)) rows.push(new Tuple([rest, item]));
  }
  return rows;
}

/** A copy of the dict that lacks what the keys lead to. */
function without(dict: Dict, [key = '', ...further]: readonly string[]): Dict {
  const copy: Dict = new Map(dict);
  const inner = dictGet(dict, key) ?? null;
  if (further.length > 0 && isDict(inner)) copy.set(key, without(inner, further));
  else copy.delete(key);
  return copy;
}

const SHORTCUT = /^(?:(0?x[0-9a-f]+|0[0-7]*|\d+)-)?(0?x[0-9a-f]+|0[0-7]*|-?\d+)(?:\/(0?x[0-9a-f]+|\d+))?(?::(.+))?$/i;

/** A number as the classic era reads it, in any of C's notations; 2.19 has no octal ones any more. */
function number(text: string, octal: boolean): number {
  if (/^0x/i.test(text)) return Number.parseInt(text, 16);
  if (octal && /^0[0-7]+$/.test(text)) return Number.parseInt(text, 8);
  return Number(text);
}

/** `start=1 end=5 stride=2 format=web%02d`, or `5`, `1-5`, `0x0f-0x1f/2:%02x`. */
function sequence(terms: readonly Value[], options: ReadonlyMap<string, Value>, env: Env): Value[] {
  const octal = env.typing === 'classic';
  // Of old a sequence was only counted for a term.
  if (terms.length === 0 && env.typing === 'modern')
    return counted(new Map([...options].map(([key, value]) => [key, str(value)])), octal);
  return terms.flatMap((term) => {
    const wanted = new Map([...options].map(([key, value]) => [key, str(value)]));
    const text = str(term).trim();
    const short = SHORTCUT.exec(text);
    if (short !== null && !text.includes('=')) {
      for (const [key, part] of [
        ['start', short[1]],
        ['end', short[2]],
        ['stride', short[3]],
        ['format', short[4]],
      ] as const) {
        if (part !== undefined) wanted.set(key, part);
      }
    } else {
      for (const word of text.split(/\s+/)) {
        const at = word.indexOf('=');
        if (at < 1 || !['start', 'end', 'count', 'stride', 'format'].includes(word.slice(0, at))) {
          throw new Fault('LookupError', `unknown error parsing with_sequence arguments: '${text}'`);
        }
        wanted.set(word.slice(0, at), word.slice(at + 1));
      }
    }
    return counted(wanted, octal);
  });
}

function counted(wanted: ReadonlyMap<string, string>, octal: boolean): Value[] {
  const start = number(wanted.get('start') ?? '1', octal);
  const stride = number(wanted.get('stride') ?? '1', octal);
  const count = wanted.get('count');
  if (count === undefined && wanted.get('end') === undefined)
    throw new Fault('LookupError', 'must specify count or end in with_sequence');
  if (count !== undefined && wanted.get('end') !== undefined)
    throw new Fault('LookupError', "can't specify both count and end in with_sequence");
  if (count !== undefined && number(count, octal) === 0) return [];
  const end = count === undefined ? number(wanted.get('end')!, octal) : start + number(count, octal) * stride - stride;
  if (stride > 0 && end < start) throw new Fault('LookupError', 'to count backwards make stride negative');
  if (stride < 0 && end > start) throw new Fault('LookupError', "to count forward don't make stride negative");
  if (stride === 0) return [];
  const format = wanted.get('format') ?? '%d';
  if ((format.match(/%/g)?.length ?? 0) !== 1) throw new Fault('LookupError', `bad formatting string: ${format}`);
  const length = Math.floor((end - start) / stride) + 1;
  allowItems(length, 'the lookup sequence');
  return Array.from({ length }, (_, index) => formatPercent(format, start + index * stride));
}

function randomChoice(terms: readonly Value[]): Value[] {
  const chosen = terms[Math.floor(Math.random() * terms.length)];
  return chosen === undefined ? [] : [chosen];
}

function pure(run: (terms: readonly Value[], options: ReadonlyMap<string, Value>, env: Env) => Value[]): Lookup {
  return { run };
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
  ['sequence', pure(sequence)],
  ['random_choice', pure(randomChoice)],
];
