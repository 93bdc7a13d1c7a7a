// Ansible's filters over lists: flatten, set theory, zip, and the combinatorics of itertools.

import { Tuple, type Value } from '../../model/value.ts';
import { Fault, typeFault, valueFault } from '../fault.ts';
import type { Env } from '../library.ts';
import { allowItems, MOST_ITEMS } from '../limits.ts';
import { add } from '../python/arithmetic.ts';
import { contains, equals, hashKey, isIterable, iterate } from '../python/compare.ts';
import { PythonSet } from '../python/sets.ts';
import { isText } from '../python/types.ts';
import { type Bound, type FilterTable, filter, flag, integer, rawFilter, refuse } from './define.ts';
import { caseless, getterOf } from './getter.ts';

const WHOLE = { keepsTrust: true } as const;

function flatten(input: Value, [levels, skipNulls]: Bound): Value {
  const whole = levels === undefined || levels === null;
  const flat: Value[] = [];
  const walk = (items: readonly Value[], depth: number): void => {
    for (const item of items) {
      if (flag(skipNulls, true) && (item === null || item === 'None' || item === 'null')) continue;
      if ((Array.isArray(item) || item instanceof Tuple) && (whole || integer(levels, 0) > depth))
        walk(iterate(item), depth + 1);
      else flat.push(item);
    }
  };
  if (!isIterable(input)) refuse('flatten needs a list');
  walk(iterate(input), 0);
  return flat;
}

/** A look-up of values by Python's equality: by hash where that is possible, else one by one. */
class Membership {
  private readonly hashed = new Set<unknown>();
  private readonly others: Value[] = [];

  constructor(items: readonly Value[] = []) {
    for (const item of items) this.add(item);
  }

  has(item: Value): boolean {
    const key = keyOf(item);
    return key === undefined ? this.others.some((other) => equals(other, item)) : this.hashed.has(key.value);
  }

  add(item: Value): void {
    const key = keyOf(item);
    if (key === undefined) this.others.push(item);
    else this.hashed.add(key.value);
  }
}

function keyOf(item: Value): { readonly value: unknown } | undefined {
  return hashed(() => ({ value: hashKey(item) }));
}

/** The items, each once, in the order in which they first appear. */
export function distinct(items: readonly Value[], by: (item: Value) => Value = (item) => item): Value[] {
  const seen = new Membership();
  return items.filter((item) => {
    const key = by(item);
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  });
}

function unique(input: Value, [caseSensitive, attribute]: Bound, env: Env): Value {
  const items = iterate(input);
  const get = getterOf(env, attribute);
  // Jinja's own way, of which these arguments are, tells by hashes.
  if (attribute !== undefined || (caseSensitive !== undefined && !flag(caseSensitive)))
    if (hashed(() => items.map((item) => hashKey(get(item)))) === undefined)
      refuse(
        "Jinja2's unique filter failed and we cannot fall back to Ansible's version as it does not support the parameters supplied",
      );
  return distinct(items, flag(caseSensitive) ? get : (item) => caseless(get(item)));
}

type Theory = 'union' | 'intersection' | 'difference' | 'symmetricDifference';

/**
 * Set theory: by Python's sets where everything can be hashed, else item by item in the order of the lists. Classic typing
 * never makes sets of lists.
 */
function setTheory(theory: Theory, listed: (a: readonly Value[], b: readonly Value[]) => Value[]) {
  return (input: Value, [other]: Bound, env: Env): Value => {
    const [a, b] = [iterate(input), iterate(other!)];
    if (env.typing === 'modern') {
      const sets = hashed(() => [PythonSet.of(a), PythonSet.of(b)] as const);
      if (sets !== undefined) return sets[0][theory](sets[1]).values();
    }
    // Where items are told apart one by one, Python joins the two lists, or looks into the other as it is.
    if (theory === 'union' || theory === 'symmetricDifference') add(input, other!);
    else if (isText(other!)) for (const item of a) contains(other, item);
    return distinct(listed(a, b));
  };
}

/** What is made by hashing; undefined where that cannot be. */
function hashed<T>(make: () => T): T | undefined {
  try {
    return make();
  } catch (error) {
    if (error instanceof Fault && error.kind === 'TypeError') return undefined;
    throw error;
  }
}

function without(a: readonly Value[], b: readonly Value[]): Value[] {
  const unwanted = new Membership(b);
  return a.filter((item) => !unwanted.has(item));
}

function shared(a: readonly Value[], b: readonly Value[]): Value[] {
  const wanted = new Membership(b);
  return a.filter((item) => wanted.has(item));
}

const zip = rawFilter(
  'zip',
  (input, args) => {
    for (const key of args.named.keys())
      if (key !== 'strict') throw new Fault('TypeError', `zip() got an unexpected keyword argument '${key}'`);
    const columns = [input, ...args.positional].map((each) => iterate(each));
    const shortest = Math.min(...columns.map((column) => column.length));
    if (flag(args.named.get('strict')) && columns.some((column) => column.length !== shortest))
      throw new Fault('ValueError', 'zip() argument 2 is shorter or longer than argument 1');
    return Array.from({ length: shortest }, (_, row) => new Tuple(columns.map((column) => column[row]!)));
  },
  WHOLE,
);

const zipLongest = rawFilter(
  'zip_longest',
  (input, args) => {
    for (const key of args.named.keys())
      if (key !== 'fillvalue')
        throw new Fault('TypeError', `zip_longest() got an unexpected keyword argument '${key}'`);
    const fill = args.named.get('fillvalue') ?? null;
    const columns = [input, ...args.positional].map((each) => iterate(each));
    const longest = Math.max(...columns.map((column) => column.length));
    return Array.from(
      { length: longest },
      (_, row) => new Tuple(columns.map((column) => (row < column.length ? column[row]! : fill))),
    );
  },
  WHOLE,
);

const product = rawFilter(
  'product',
  (input, args) => {
    for (const key of args.named.keys())
      if (key !== 'repeat') throw new Fault('TypeError', `product() got an unexpected keyword argument '${key}'`);
    const repeat = integer(args.named.get('repeat'), 1);
    const once = [input, ...args.positional].map((each) => iterate(each));
    const columns = Array.from({ length: repeat }, () => once).flat();
    allowItems(
      columns.reduce((count, column) => count * column.length, columns.length),
      'product',
    );
    let rows: Value[][] = [[]];
    for (const column of columns) rows = rows.flatMap((row) => column.map((item) => [...row, item]));
    return rows.map((row) => new Tuple(row));
  },
  WHOLE,
);

/** How many rows of `size` of `pool` things there are: what would be made is known before it is. */
function rowsOf(pool: number, size: number, ordered: boolean): number {
  if (size > pool) return 0;
  let count = 1;
  for (let i = 0; i < size && count <= MOST_ITEMS; i++) count *= (pool - i) / (ordered ? 1 : i + 1);
  return Math.round(count);
}

/** How many items a row has. Throws where that is no such number. */
function rowLength(count: Value): number {
  const size = count === null ? typeFault("'NoneType' object cannot be interpreted as an integer") : integer(count, 0);
  return size < 0 ? valueFault('r must be non-negative') : size;
}

function permutations(input: Value, [count]: Bound): Value {
  const pool = iterate(input);
  const size = count === undefined || count === null ? pool.length : rowLength(count);
  allowItems(rowsOf(pool.length, size, true) * size, 'permutations');
  const rows: Value[] = [];
  const walk = (row: readonly Value[], used: readonly number[]): void => {
    if (row.length === size) {
      rows.push(new Tuple(row));
      return;
    }
    for (const [i, item] of pool.entries()) if (!used.includes(i)) walk([...row, item], [...used, i]);
  };
  if (size <= pool.length) walk([], []);
  return rows;
}

function combinations(input: Value, [count]: Bound): Value {
  const pool = iterate(input);
  const size = rowLength(count!);
  allowItems(rowsOf(pool.length, Math.min(size, pool.length - size), false) * size, 'combinations');
  const rows: Value[] = [];
  const walk = (row: readonly Value[], from: number): void => {
    if (row.length === size) {
      rows.push(new Tuple(row));
      return;
    }
    const last = pool.length - (size - row.length);
    for (let i = from; i <= last; i++) walk([...row, pool[i]!], i + 1);
  };
  if (size <= pool.length) walk([], 0);
  return rows;
}

export const lists: FilterTable = [
  filter('flatten', ['levels?', 'skip_nulls?'], flatten, WHOLE),
  filter('unique', ['case_sensitive?', 'attribute?'], unique, WHOLE),
  filter(
    'union',
    ['b'],
    setTheory('union', (a, b) => [...a, ...b]),
    WHOLE,
  ),
  filter('intersect', ['b'], setTheory('intersection', shared), WHOLE),
  filter('difference', ['b'], setTheory('difference', without), WHOLE),
  filter(
    'symmetric_difference',
    ['b'],
    setTheory('symmetricDifference', (a, b) => [...without(a, b), ...without(b, a)]),
    WHOLE,
  ),
  zip,
  zipLongest,
  product,
  filter('permutations', ['r?'], permutations, WHOLE),
  filter('combinations', ['r'], combinations, WHOLE),
];
