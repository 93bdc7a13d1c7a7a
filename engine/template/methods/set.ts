// Methods of set.

import { PySet, type Value } from '../../model/value.ts';
import { Fault } from '../fault.ts';
import { contains, hashKey, iterate, makeSet } from '../python/compare.ts';
import { repr } from '../python/text.ts';
import { methods } from './define.ts';

function keys(values: Iterable<Value>): Set<unknown> {
  return new Set(Array.from(values, hashKey));
}

function all(sets: Value): Value[] {
  return (sets as Value[]).flatMap((set) => [...iterate(set)]);
}

function without(self: PySet, others: Value[]): PySet {
  const gone = keys(others);
  return new PySet(self.items.filter((item) => !gone.has(hashKey(item))));
}

function remove(self: PySet, value: Value): boolean {
  const key = hashKey(value);
  const place = self.items.findIndex((item) => hashKey(item) === key);
  if (place >= 0) self.items.splice(place, 1);
  return place >= 0;
}

export const SET = methods<PySet>('set', {
  add: [
    ['element', '/'],
    (self, [element]) => {
      if (!contains(self, element!)) self.items.push(element!);
      return null;
    },
  ],
  discard: [
    ['element', '/'],
    (self, [element]) => {
      remove(self, element!);
      return null;
    },
  ],
  remove: [
    ['element', '/'],
    (self, [element]) => {
      if (!remove(self, element!)) throw new Fault('KeyError', repr(element!));
      return null;
    },
  ],
  clear: [
    [],
    (self) => {
      self.items.length = 0;
      return null;
    },
  ],
  copy: [[], (self) => new PySet([...self.items])],
  update: [
    ['*others'],
    (self, [others]) => {
      for (const item of all(others!)) if (!contains(self, item)) self.items.push(item);
      return null;
    },
  ],
  union: [['*others'], (self, [others]) => makeSet([...self.items, ...all(others!)])],
  intersection: [
    ['*others'],
    (self, [others]) => {
      const sets = (others as Value[]).map((set) => keys(iterate(set)));
      return new PySet(self.items.filter((item) => sets.every((set) => set.has(hashKey(item)))));
    },
  ],
  difference: [['*others'], (self, [others]) => without(self, all(others!))],
  symmetric_difference: [
    ['other', '/'],
    (self, [other]) => {
      const theirs = makeSet(iterate(other!));
      return new PySet([...without(self, theirs.items).items, ...without(theirs, self.items).items]);
    },
  ],
  issubset: [['other', '/'], (self, [other]) => self.items.every((item) => contains(makeSet(iterate(other!)), item))],
  issuperset: [['other', '/'], (self, [other]) => iterate(other!).every((item) => contains(self, item))],
  isdisjoint: [['other', '/'], (self, [other]) => iterate(other!).every((item) => !contains(self, item))],
});
