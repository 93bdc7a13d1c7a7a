// Methods of dict.

import { type Dict, isDict, Tuple, type Value } from '../../model/value.ts';
import { pair, View } from '../evaluate/objects.ts';
import type { Run } from '../evaluate/run.ts';
import { Fault, typeFault, valueFault } from '../fault.ts';
import { iterate } from '../python/compare.ts';
import { dictDelete, dictGet, dictSet } from '../python/dicts.ts';
import { repr } from '../python/text.ts';
import { typeName } from '../python/types.ts';
import { allDefined } from '../undefined.ts';
import { joined, methods } from './define.ts';

function listing(kind: 'keys' | 'values' | 'items', items: Value[], run: Run): Value {
  return run.types.listsViews ? allDefined(items) : new View(kind, items);
}

/** The dict, of which all values have to be there. */
function definite(dict: Dict): Dict {
  for (const value of dict.values()) allDefined([value]);
  return dict;
}

/** Lays the entries of a dict, or of pairs, over the dict. Throws as Python does. */
export function update(dict: Dict, source: Value): void {
  if (isDict(source)) {
    for (const [key, value] of source) dictSet(dict, key, value);
    return;
  }
  iterate(source).forEach((entry, index) => {
    const items =
      entry instanceof Tuple || Array.isArray(entry) || typeof entry === 'string' ? iterate(entry) : undefined;
    if (items === undefined)
      return typeFault(`cannot convert dictionary update sequence element #${index} to a sequence`);
    if (items.length !== 2)
      return valueFault(`dictionary update sequence element #${index} has length ${items.length}; 2 is required`);
    return dictSet(dict, items[0]!, items[1]!);
  });
}

function get(self: Dict, [key, initial]: (Value | undefined)[]): Value {
  const found = dictGet(self, key!);
  return found === undefined ? (initial ?? null) : found;
}

export const DICT = methods<Dict>('dict', {
  keys: [[], (self, _args, run) => listing('keys', [...self.keys()], run)],
  values: [[], (self, _args, run) => listing('values', [...self.values()], run)],
  items: [
    [],
    (self, _args, run) =>
      listing(
        'items',
        Array.from(run.types.listsViews ? definite(self) : self, ([key, value]) => pair(key, value)),
        run,
      ),
  ],
  get: [['key', 'default?', '/'], get],
  copy: [[], (self) => new Map(self)],
  update: [
    ['other?', '/', '**named'],
    (self, [other, named]) => {
      if (other !== undefined) update(self, other);
      update(self, named!);
      return null;
    },
  ],
  setdefault: [
    ['key', 'default?', '/'],
    (self, [key, initial]) => {
      const known = dictGet(self, key!);
      if (known !== undefined) return known;
      dictSet(self, key!, initial ?? null);
      return initial ?? null;
    },
  ],
  pop: [
    ['key', 'default?', '/'],
    (self, [key, initial]) => {
      const known = dictGet(self, key!);
      if (known === undefined) {
        if (initial !== undefined) return initial;
        throw new Fault('KeyError', repr(key!));
      }
      dictDelete(self, key!);
      return known;
    },
  ],
  popitem: [
    [],
    (self) => {
      const last = [...self.keys()].at(-1);
      if (last === undefined) throw new Fault('KeyError', "'popitem(): dictionary is empty'");
      const value = self.get(last)!;
      self.delete(last);
      return pair(last, value);
    },
  ],
  clear: [
    [],
    (self) => {
      self.clear();
      return null;
    },
  ],
  fromkeys: [
    ['keys', 'value?', '/'],
    (_self, [keys, value]) => {
      const dict: Dict = new Map();
      for (const key of iterate(keys!)) dictSet(dict, key, value ?? null);
      return dict;
    },
  ],
});

/** Methods of a variable's dict in modern typing, which is a type of Ansible's own. */
export const LAZY_DICT = joined(DICT, methods<Dict>('dict', { get: [['key', 'default?'], get] }));

/** `dict(...)`. Throws as Python does. */
export function makeDict(source: Value | undefined, named: Value): Dict {
  const dict: Dict = new Map();
  if (source !== undefined) {
    if (typeof source !== 'object' || source === null) typeFault(`'${typeName(source)}' object is not iterable`);
    update(dict, source);
  }
  update(dict, named);
  return dict;
}
