// Methods of list and tuple.

import type { Tuple, Value } from '../../model/value.ts';
import type { Run } from '../evaluate/run.ts';
import { Fault, typeFault, valueFault } from '../fault.ts';
import { positional } from '../library.ts';
import { allowItems } from '../limits.ts';
import { compare, equals, iterate, truth } from '../python/compare.ts';
import { isInt } from '../python/numbers.ts';
import { repr } from '../python/text.ts';
import { typeName } from '../python/types.ts';
import { methods } from './define.ts';

/** An int argument as a JavaScript number. */
export function index(value: Value): number {
  if (typeof value === 'boolean') return Number(value);
  return isInt(value) ? Number(value) : typeFault(`'${typeName(value)}' object cannot be interpreted as an integer`);
}

function find(items: readonly Value[], args: (Value | undefined)[], message: () => string): number {
  const start = args[1] === undefined ? 0 : index(args[1]);
  const stop = args[2] === undefined ? items.length : index(args[2]);
  const at = (place: number): number => (place < 0 ? Math.max(place + items.length, 0) : place);
  for (let place = at(start); place < Math.min(at(stop), items.length); place += 1)
    if (equals(items[place]!, args[0]!)) return place;
  return valueFault(message());
}

function sort(items: Value[], key: Value | undefined, reverse: boolean, run: Run): void {
  const keyed = items.map((item) => ({
    item,
    key: key === undefined || key === null ? item : run.call(key, positional(item)),
  }));
  keyed.sort((a, b) => (reverse ? compare(b.key, a.key) : compare(a.key, b.key)));
  items.splice(0, items.length, ...keyed.map(({ item }) => item));
}

export const LIST = methods<Value[]>('list', {
  append: [
    ['object', '/'],
    (self, [object]) => {
      allowItems(self.length, 'append()');
      self.push(object!);
      return null;
    },
  ],
  extend: [
    ['iterable', '/'],
    (self, [iterable]) => {
      const items = [...iterate(iterable!)];
      allowItems(self.length + items.length, 'extend()');
      for (const item of items) self.push(item);
      return null;
    },
  ],
  insert: [
    ['index', 'object', '/'],
    (self, [place, object]) => {
      self.splice(index(place!), 0, object!);
      return null;
    },
  ],
  remove: [
    ['value', '/'],
    (self, args) => {
      self.splice(
        find(self, args, () => 'list.remove(x): x not in list'),
        1,
      );
      return null;
    },
  ],
  pop: [
    ['index?', '/'],
    (self, [place]) => {
      if (self.length === 0) throw new Fault('IndexError', 'pop from empty list');
      const at = place === undefined ? self.length - 1 : index(place);
      const start = at < 0 ? at + self.length : at;
      if (start < 0 || start >= self.length) throw new Fault('IndexError', 'pop index out of range');
      return self.splice(start, 1)[0]!;
    },
  ],
  clear: [
    [],
    (self) => {
      self.length = 0;
      return null;
    },
  ],
  index: [
    ['value', 'start?', 'stop?', '/'],
    (self, args) => find(self, args, () => `${repr(args[0]!)} is not in list`),
  ],
  count: [['value', '/'], (self, [value]) => self.filter((item) => equals(item, value!)).length],
  sort: [
    ['key?', 'reverse?'],
    (self, [key, reverse], run) => {
      sort(self, key, truth(reverse ?? false), run);
      return null;
    },
  ],
  reverse: [
    [],
    (self) => {
      self.reverse();
      return null;
    },
  ],
  copy: [[], (self) => [...self]],
});

export const TUPLE = methods<Tuple>('tuple', {
  index: [
    ['value', 'start?', 'stop?', '/'],
    (self, args) => find(self.items, args, () => 'tuple.index(x): x not in tuple'),
  ],
  count: [['value', '/'], (self, [value]) => self.items.filter((item) => equals(item, value!)).length],
});
