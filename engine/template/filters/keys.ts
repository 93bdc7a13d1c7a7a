// keep_keys, remove_keys and replace_keys, in the two forms in which community.general and ansible.utils have them.

import { type Dict, isDict, type Value } from '../../model/value.ts';
import { dictGet } from '../python/dicts.ts';
import { compile } from '../python/regex.ts';
import { repr, str } from '../python/text.ts';
import { isText, typeName } from '../python/types.ts';
import { type Bound, type FilterTable, filter, refuse, text } from './define.ts';

type Matches = (key: string) => boolean;
const WHOLE = { keepsTrust: true } as const;
const CHOICES = ['equal', 'starts_with', 'ends_with', 'regex'];

function matcher(pattern: string, how: string): Matches {
  switch (how) {
    case 'starts_with':
      return (key) => key.startsWith(pattern);
    case 'ends_with':
      return (key) => key.endsWith(pattern);
    case 'regex': {
      const regex = compile(pattern);
      return (key) => regex.match(key) !== undefined;
    }
    default:
      return (key) => key === pattern;
  }
}

function checkedHow(value: Value | undefined, choices: readonly string[]): string {
  const how = text(value, 'equal');
  return choices.includes(how)
    ? how
    : refuse(`The matching_parameter must be one of ${choices.join(', ')}, not ${how}`);
}

function patterns(target: Value | undefined, how: string): Matches {
  const list = Array.isArray(target) ? target : [target ?? refuse('The target is missing')];
  if (list.length === 0) refuse('The target cannot be empty');
  if (how === 'regex' && list.length > 1) refuse('The target must be a single regular expression');
  const each = list.map((pattern) =>
    matcher(isText(pattern) ? str(pattern) : refuse(`The target items must be strings, not ${typeName(pattern)}`), how),
  );
  return (key) => each.some((matches) => matches(key));
}

function dictsOf(input: Value): Dict[] {
  if (!Array.isArray(input)) refuse(`The input must be a list, not ${typeName(input)}`);
  return input.map((item) => {
    if (!isDict(item)) return refuse(`The list items must be dictionaries, not ${repr(item)}`);
    for (const key of item.keys()) if (!isText(key)) refuse(`Top level keys must be strings, not ${repr(key)}`);
    return item;
  });
}

function selectTop(keep: boolean) {
  return (input: Value, [target, matching]: Bound): Value => {
    const how = checkedHow(matching, CHOICES);
    const matches = patterns(target, how);
    return dictsOf(input).map((dict): Dict => new Map([...dict].filter(([key]) => matches(str(key)) === keep)));
  };
}

interface Renaming {
  readonly matches: Matches;
  readonly after: string;
}

function renamings(target: Value | undefined, how: string): Renaming[] {
  if (!Array.isArray(target) || target.length === 0) return refuse('The target must be a list of dictionaries');
  return target.map((item) => {
    const [before, after] = isDict(item) ? [dictGet(item, 'before'), dictGet(item, 'after')] : [];
    if (before === undefined || after === undefined)
      return refuse('All target items must have the attributes before and after');
    return { matches: matcher(str(before), how), after: str(after) };
  });
}

function replaceTop(input: Value, [target, matching]: Bound): Value {
  const rules = renamings(target, checkedHow(matching, CHOICES));
  const rename = (key: Value) => rules.find((rule) => rule.matches(str(key)))?.after ?? key;
  return dictsOf(input).map((dict): Dict => new Map([...dict].map(([key, value]) => [rename(key), value])));
}

const DEEP_CHOICES = ['equality', 'starts_with', 'ends_with', 'regex'];

function deepMatches(target: Value | undefined, matching: Value | undefined): Matches {
  const how = text(matching, 'equality');
  if (!DEEP_CHOICES.includes(how))
    refuse(`value of matching_parameter must be one of: ${DEEP_CHOICES.join(', ')}, got: ${how}`);
  const list = Array.isArray(target) ? target : [target ?? refuse('missing required arguments: target')];
  const each = list.map((pattern) => matcher(str(pattern), how));
  return (key) => each.some((matches) => matches(key));
}

function isContainer(value: Value): boolean {
  return Array.isArray(value) || isDict(value);
}

function isEmpty(value: Value): boolean {
  return Array.isArray(value) ? value.length === 0 : isDict(value) && value.size === 0;
}

/** Lists and dicts that a removal leaves empty go as well. */
function removeDeep(value: Value, matches: Matches): Value {
  const left = (item: Value) => !isContainer(item) || !isEmpty(item);
  if (Array.isArray(value)) return value.map((item) => removeDeep(item, matches)).filter(left);
  if (!isDict(value)) return value;
  const kept = [...value].filter(([key]) => !matches(str(key)));
  return new Map(kept.map(([key, item]) => [key, removeDeep(item, matches)] as const).filter(([, item]) => left(item)));
}

/** Keeps matching keys, the containers on the way to them, and whatever stands in lists without a key. */
function keepDeep(value: Value, matches: Matches): Value {
  if (Array.isArray(value))
    return value.map((item) => keepDeep(item, matches)).filter((item) => !isContainer(item) || !isEmpty(item));
  if (!isDict(value)) return value;
  const kept: Dict = new Map();
  for (const [key, item] of value) {
    if (!isContainer(item)) {
      if (matches(str(key))) kept.set(key, item);
      continue;
    }
    const inner = keepDeep(item, matches);
    if (!isEmpty(inner)) kept.set(key, inner);
  }
  return kept;
}

/** Renamed keys come after those that stay. */
function replaceDeep(value: Value, rules: readonly Renaming[]): Value {
  if (Array.isArray(value)) return value.map((item) => replaceDeep(item, rules));
  if (!isDict(value)) return value;
  const stay: Dict = new Map();
  const renamed: Dict = new Map();
  for (const [key, item] of value) {
    const rule = rules.find((each) => each.matches(str(key)));
    if (rule === undefined) stay.set(key, replaceDeep(item, rules));
    else renamed.set(rule.after, replaceDeep(item, rules));
  }
  return new Map([...stay, ...renamed]);
}

function deepHow(matching: Value | undefined): string {
  const how = text(matching, 'equality');
  return DEEP_CHOICES.includes(how)
    ? how
    : refuse(`value of matching_parameter must be one of: ${DEEP_CHOICES.join(', ')}, got: ${how}`);
}

/** community.general's: top level keys of a list of dicts. */
export const topKeys: FilterTable = [
  filter('keep_keys', ['target', 'matching_parameter?'], selectTop(true), WHOLE),
  filter('remove_keys', ['target', 'matching_parameter?'], selectTop(false), WHOLE),
  filter('replace_keys', ['target', 'matching_parameter?'], replaceTop, WHOLE),
];

/** ansible.utils': keys at any depth. */
export const deepKeys: FilterTable = [
  filter(
    'keep_keys',
    ['target', 'matching_parameter?'],
    (input, [target, how]) => keepDeep(input, deepMatches(target, how)),
    WHOLE,
  ),
  filter(
    'remove_keys',
    ['target', 'matching_parameter?'],
    (input, [target, how]) => removeDeep(input, deepMatches(target, how)),
    WHOLE,
  ),
  filter(
    'replace_keys',
    ['target', 'matching_parameter?'],
    (input, [target, how]) => replaceDeep(input, renamings(target, deepHow(how))),
    WHOLE,
  ),
];
