// community.general's filters over lists and dicts.

import { type Dict, isDict, type Value } from '../../model/value.ts';
import { Fault } from '../fault.ts';
import { add } from '../python/arithmetic.ts';
import { contains, isIterable, iterate } from '../python/compare.ts';
import { dictGet, dictHas, dictSet } from '../python/dicts.ts';
import { repr, str } from '../python/text.ts';
import { isText, typeName } from '../python/types.ts';
import { compareLoose } from '../python/versions.ts';
import { type Bound, type FilterTable, filter, flag, rawFilter, refuse, text } from './define.ts';
import { listMergeOf, merge } from './dicts.ts';
import { distinct } from './lists.ts';
import { sorted } from './sequence.ts';

const WHOLE = { keepsTrust: true } as const;

function accumulate(input: Value): Value {
  if (isDict(input)) refuse(`Invalid value type (dict) for accumulate (${repr(input)})`);
  const totals: Value[] = [];
  for (const item of iterate(input)) totals.push(totals.length === 0 ? item : add(totals[totals.length - 1]!, item));
  return totals;
}

function counter(input: Value): Value {
  if (isDict(input) || !isIterable(input))
    refuse(
      `Argument for community.general.counter must be a sequence (string or list). ${repr(input)} is ${typeName(input)}`,
    );
  const counts: Dict = new Map();
  for (const item of iterate(input)) dictSet(counts, item, ((dictGet(counts, item) as number | undefined) ?? 0) + 1);
  return counts;
}

function pairsToDict(input: Value): Value {
  if (isDict(input)) return new Map(input);
  const dict: Dict = new Map();
  for (const [i, pair] of iterate(input).entries()) {
    const items = iterate(pair);
    if (items.length !== 2)
      throw new Fault(
        'ValueError',
        `dictionary update sequence element #${i} has length ${items.length}; 2 is required`,
      );
    dictSet(dict, items[0]!, items[1]!);
  }
  return dict;
}

function groupbyAsDict(input: Value, [attribute]: Bound): Value {
  if (!Array.isArray(input)) refuse('Input is not a sequence');
  const groups: Dict = new Map();
  for (const [i, item] of input.entries()) {
    if (!isDict(item)) refuse(`Sequence element #${i} is not a mapping`);
    const key = dictGet(item, attribute!);
    if (key === undefined) refuse(`Attribute not contained in element #${i} of sequence`);
    if (dictHas(groups, key)) refuse(`Multiple sequence entries have attribute value ${repr(key)}`);
    dictSet(groups, key, item);
  }
  return groups;
}

type SetOperation = (a: readonly Value[], b: readonly Value[]) => Value[];

function manyLists(name: string, operate: SetOperation) {
  return rawFilter(
    name,
    (input, args) => {
      for (const key of args.named.keys())
        if (key !== 'flatten') throw new Fault('TypeError', `${name}() got an unexpected keyword argument '${key}'`);
      const given = [input, ...args.positional];
      const all = flag(args.named.get('flatten')) ? given.flatMap((each) => [...iterate(each)]) : given;
      const lists = all.map((each) =>
        isIterable(each) ? iterate(each) : refuse(`All arguments must be lists; ${repr(each)} is ${typeName(each)}`),
      );
      const [first, ...rest] = lists;
      if (first === undefined) return [];
      if (rest.length === 0) return [...first];
      return rest.reduce((sum, each) => distinct(operate(sum, each)), distinct(first));
    },
    WHOLE,
  );
}

function without(a: readonly Value[], b: readonly Value[]): Value[] {
  return a.filter((item) => !contains([...b], item));
}

const mergeby = rawFilter(
  'lists_mergeby',
  (input, args) => {
    const positional = [...args.positional];
    const index = args.named.get('index') ?? positional.pop() ?? refuse('lists_mergeby: the index is missing');
    for (const key of args.named.keys())
      if (!['index', 'recursive', 'list_merge'].includes(key))
        throw new Fault('TypeError', `lists_mergeby() got an unexpected keyword argument '${key}'`);
    const key = str(index);
    const recursive = flag(args.named.get('recursive'));
    const how = listMergeOf(args.named.get('list_merge'));
    const merged = new Map<Value, Dict>();
    const take = (item: Value): void => {
      if (Array.isArray(item)) {
        item.forEach(take);
        return;
      }
      if (!isDict(item))
        refuse(
          `Elements of list arguments for lists_mergeby must be dictionaries. ${repr(item)} is ${typeName(item)}.`,
        );
      const mark = dictGet(item, key);
      if (mark === undefined) return;
      merged.set(mark, merge(merged.get(mark) ?? new Map(), item, recursive, how));
    };
    if (positional.length === 0 && Array.isArray(input) && !input.some((item) => Array.isArray(item) || isDict(item)))
      return input;
    for (const each of [input, ...positional]) {
      if (!Array.isArray(each))
        refuse(
          `All arguments before the argument index for lists_mergeby must be lists. ${repr(each)} is ${typeName(each)}`,
        );
      each.forEach(take);
    }
    return sorted([...merged.values()], (item) => [dictGet(item as Dict, key)!], false);
  },
  WHOLE,
);

function versionSort(input: Value): Value {
  const versions = iterate(input);
  for (const version of versions)
    if (versions.length > 1 && !isText(version))
      throw new Fault('TypeError', `expected string or bytes-like object, got '${typeName(version)}'`);
  return [...versions].sort((a, b) => compareLoose(str(a), str(b)));
}

const FORMS = ['NFC', 'NFD', 'NFKC', 'NFKD'];

function unicodeNormalize(input: Value, [form]: Bound): Value {
  const name = text(form, 'NFC');
  if (!isText(input)) refuse(`Invalid input type (${typeName(input)}) provided. String required.`);
  return FORMS.includes(name)
    ? str(input).normalize(name)
    : refuse(`Invalid form specified (${name}). Must be one of: ${FORMS.join(', ')}`);
}

const CRC_TABLE = Array.from({ length: 256 }, (_, n) => {
  let c = n;
  for (let k = 0; k < 8; k++) c = c & 1 ? 0xedb88320 ^ (c >>> 1) : c >>> 1;
  return c >>> 0;
});

function checksum(input: Value): Value {
  if (!isText(input)) refuse(`You must pass a string value, not ${typeName(input)}`);
  let crc = 0xffffffff;
  for (const byte of Buffer.from(str(input), 'utf8')) crc = (CRC_TABLE[(crc ^ byte) & 255]! ^ (crc >>> 8)) >>> 0;
  return ((crc ^ 0xffffffff) >>> 0).toString(16);
}

export const general: FilterTable = [
  filter('accumulate', [], accumulate, WHOLE),
  filter('counter', [], counter),
  filter('crc32', [], checksum),
  filter('dict', [], pairsToDict, WHOLE),
  filter('dict_kv', ['key'], (input, [key]) => new Map([[key!, input]]), WHOLE),
  filter('groupby_as_dict', ['attribute'], groupbyAsDict, WHOLE),
  manyLists('lists_union', (a, b) => [...a, ...b]),
  manyLists('lists_intersect', (a, b) => a.filter((item) => contains([...b], item))),
  manyLists('lists_difference', without),
  manyLists('lists_symmetric_difference', (a, b) => [...without(a, b), ...without(b, a)]),
  mergeby,
  filter('unicode_normalize', ['form?'], unicodeNormalize),
  filter('version_sort', [], versionSort),
];
