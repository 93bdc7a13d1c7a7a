// community.general's names of types: `list[str]`, `dict[str, int]` ... The filter reveal_ansible_type tells them, the
// test ansible_type asks for them.

import { isDict, type Value } from '../../model/value.ts';
import { str } from '../python/text.ts';
import { typeName } from '../python/types.ts';
import { type Bound, type FilterTable, filter, refuse } from './define.ts';

/** What ansible-core calls values that carry where they came from; here they are what they are. */
const TAGGED: Readonly<Record<string, string>> = {
  AnsibleUnicode: 'str',
  _AnsibleTaggedStr: 'str',
  _AnsibleTaggedInt: 'int',
  _AnsibleTaggedFloat: 'float',
};

/** A name of a type as a playbook may write it, with our names of the types in it. */
export function plainType(name: string): string {
  const plain = name.replace(/\w+/g, (word) => TAGGED[word] ?? word);
  return plain.replace(/[\w|]+/g, (union) => [...new Set(union.split('|'))].sort().join('|'));
}

/** The type of a value, with the types of its items, each by its alias where there is one. */
export function revealType(value: Value, aliases: Value | undefined): string {
  if (aliases !== undefined && aliases !== null && !isDict(aliases))
    refuse(`The argument alias must be a dictionary. ${str(aliases)} is ${typeName(aliases)}`);
  const named = (item: Value): string => {
    const own = typeName(item);
    const alias = isDict(aliases ?? null) ? (aliases as Map<Value, Value>).get(own) : undefined;
    return alias === undefined ? own : str(alias);
  };
  const union = (items: Iterable<Value>): string => [...new Set([...items].map(named))].sort().join('|');
  if (Array.isArray(value)) return value.length === 0 ? 'list' : `list[${union(value)}]`;
  if (isDict(value)) return value.size === 0 ? 'dict' : `dict[${union(value.keys())}, ${union(value.values())}]`;
  return named(value);
}

export const types: FilterTable = [
  filter('reveal_ansible_type', ['alias?'], (input, [alias]: Bound) => revealType(input, alias)),
];
