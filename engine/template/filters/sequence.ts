// Jinja's filters over sequences: what is first, last, smallest; sorting, grouping, joining, cutting.

import { type Dict, isDict, Tuple, type Value } from '../../model/value.ts';
import { Fault, typeFault } from '../fault.ts';
import type { Env } from '../library.ts';
import { allowItems } from '../limits.ts';
import { add } from '../python/arithmetic.ts';
import { compare, equals, iterate, length } from '../python/compare.ts';
import { str } from '../python/text.ts';
import { characters, isText, typeName } from '../python/types.ts';
import { allDefined, Undefined } from '../undefined.ts';
import { alias, type Bound, type FilterTable, filter, flag, integer, refuse, text } from './define.ts';
import { caseless, GroupTuple, getterOf, getterOfMany } from './getter.ts';

const WHOLE = { keepsTrust: true } as const;

function edge(which: 'first' | 'last') {
  return (input: Value): Value => {
    const items = iterate(input);
    const item = which === 'first' ? items[0] : items[items.length - 1];
    return item ?? (items.length === 0 ? new Undefined(`No ${which} item, sequence was empty.`) : null);
  };
}

/** Sorts without changing the order of equals; every key is a list compared item by item. */
export function sorted(items: readonly Value[], keyOf: (item: Value) => readonly Value[], reverse: boolean): Value[] {
  const keyed = items.map((item) => ({ item, key: keyOf(item) }));
  for (const { key } of keyed) for (const part of key) if (part instanceof Undefined) part.trip();
  const order = (a: readonly Value[], b: readonly Value[]): number => {
    for (let i = 0; i < a.length; i++) if (!equals(a[i]!, b[i]!)) return compare(a[i]!, b[i]!);
    return 0;
  };
  if (keyed.length > 1) keyed.sort((a, b) => (reverse ? order(b.key, a.key) : order(a.key, b.key)));
  return keyed.map(({ item }) => item);
}

function sort(input: Value, [reverse, caseSensitive, attribute]: Bound, env: Env): Value {
  const get = getterOfMany(env, attribute);
  const keyOf = flag(caseSensitive) ? get : (item: Value) => get(item).map(caseless);
  return sorted(iterate(input), keyOf, flag(reverse));
}

function dictsort(input: Value, [caseSensitive, by, reverse]: Bound): Value {
  if (!isDict(input)) refuse(`dictsort needs a mapping, not ${typeName(input)}`);
  const field = text(by, 'key');
  if (field !== 'key' && field !== 'value') refuse('You can only sort by either "key" or "value"');
  const pairs = [...input].map(([key, value]) => new Tuple([key, value]));
  const keyOf = (pair: Value): Value[] => {
    const part = (pair as Tuple).items[field === 'key' ? 0 : 1]!;
    return [flag(caseSensitive) ? part : caseless(part)];
  };
  return sorted(pairs, keyOf, flag(reverse));
}

function groupby(input: Value, [attribute, fallback, caseSensitive]: Bound, env: Env): Value {
  // 2.19 takes the default, and fails for what lacks the attribute all the same.
  const get = getterOf(env, attribute, env.typing === 'classic' ? fallback : undefined);
  const keyOf = flag(caseSensitive) ? get : (item: Value) => caseless(get(item));
  const groups: Value[][] = [];
  for (const item of sorted(iterate(input), (each) => [keyOf(each)], false)) {
    const last = groups[groups.length - 1];
    if (last !== undefined && equals(keyOf(last[0]!), keyOf(item))) last.push(item);
    else groups.push([item]);
  }
  return groups.map((items) => new GroupTuple(get(items[0]!), items));
}

function join(input: Value, [separator, attribute]: Bound, env: Env): Value {
  const get = getterOf(env, attribute);
  return iterate(input)
    .map((item) => str(get(item)))
    .join(separator === undefined ? '' : str(separator));
}

function sum(input: Value, [attribute, start]: Bound, env: Env): Value {
  if (start !== undefined && isText(start)) typeFault("sum() can't sum strings [use ''.join(seq) instead]");
  const get = getterOf(env, attribute);
  return iterate(input).reduce<Value>((total, item) => add(total, get(item)), start ?? 0);
}

function reverse(input: Value): Value {
  if (isText(input)) return characters(str(input)).reverse().join('');
  return [...iterate(input)].reverse();
}

function batch(input: Value, [size, fill]: Bound): Value {
  const items = iterate(input);
  if (items.length === 0) return [];
  // A row ends when it is exactly full: a size that no row can have leaves everything in one, and none at all comes first for 0.
  const rows: Value[][] = [[]];
  let last = rows[0]!;
  for (const item of items) {
    if (equals(size!, last.length)) {
      last = [];
      rows.push(last);
    }
    last.push(item);
  }
  if (fill !== undefined && fill !== null) {
    const count = integer(size, 0);
    allowItems(count, 'batch');
    while (last.length < count) last.push(fill);
  }
  return rows;
}

function slice(input: Value, [slices, fill]: Bound): Value {
  const count = integer(slices, 0);
  const items = iterate(input);
  if (count === 0) throw new Fault('ZeroDivisionError', 'integer division or modulo by zero');
  allowItems(count, 'slice');
  const per = Math.floor(items.length / count);
  const extra = items.length % count;
  const rows: Value[][] = [];
  let at = 0;
  for (let i = 0; i < count; i++) {
    const end = at + per + (i < extra ? 1 : 0);
    const row = items.slice(at, end);
    if (fill !== undefined && fill !== null && i >= extra) row.push(fill);
    rows.push(row);
    at = end;
  }
  return rows;
}

function items(input: Value, _args: Bound, env: Env): Value {
  if (input instanceof Undefined) return env.typing === 'classic' ? [] : input;
  if (!isDict(input)) throw new Fault('TypeError', 'Can only get item pairs from a mapping.');
  return pairsOf(input);
}

/** The pairs of a dict as tuples. */
export function pairsOf(dict: Dict): Value[] {
  return [...dict].map(([key, value]) => new Tuple([key, value]));
}

const lengthFilter = filter('length', [], (input) => length(input));

export const sequence: FilterTable = [
  filter('first', [], edge('first'), WHOLE),
  filter('last', [], edge('last'), WHOLE),
  lengthFilter,
  alias('count', lengthFilter),
  filter(
    'list',
    [],
    (input, _args, env) => (env.typing === 'modern' ? [...allDefined(iterate(input))] : [...iterate(input)]),
    WHOLE,
  ),
  filter('sort', ['reverse?', 'case_sensitive?', 'attribute?'], sort, WHOLE),
  filter('dictsort', ['case_sensitive?', 'by?', 'reverse?'], dictsort, WHOLE),
  filter('groupby', ['attribute', 'default?', 'case_sensitive?'], groupby, WHOLE),
  filter('join', ['d?', 'attribute?'], join),
  filter('sum', ['attribute?', 'start?'], sum),
  filter('reverse', [], reverse, { keepsMarkup: true }),
  filter('batch', ['linecount', 'fill_with?'], batch, WHOLE),
  filter('slice', ['slices', 'fill_with?'], slice, WHOLE),
  filter('items', [], items, { takesUndefined: true, keepsTrust: true }),
];
