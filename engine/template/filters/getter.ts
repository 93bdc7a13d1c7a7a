// `attribute='a.b.0'` of map, selectattr, groupby, sort ...: how a dotted path is followed.

import { Tuple, type Value } from '../../model/value.ts';
import type { Env } from '../library.ts';
import { isInt } from '../python/numbers.ts';
import { str } from '../python/text.ts';
import { isText } from '../python/types.ts';
import { Undefined } from '../undefined.ts';

export type Getter = (item: Value) => Value;

/** Jinja's attribute getter: dotted names, numbers are indices; `fallback` stands for what is undefined on the way. */
export function getterOf(env: Env, attribute: Value | undefined, fallback?: Value | undefined): Getter {
  if (attribute === undefined || attribute === null) return (item) => item;
  const parts: Value[] = isInt(attribute)
    ? [attribute]
    : str(attribute)
        .split('.')
        .map((part) => (/^\d+$/.test(part) ? Number(part) : part));
  return (item) => {
    let current = item;
    for (const part of parts) {
      current = env.item(current, part);
      if (current instanceof Undefined && fallback !== undefined) current = fallback;
    }
    return current;
  };
}

/** Getters of `a,b`: a tuple of several attributes when there are commas (sort), else the attribute itself. */
export function getterOfMany(env: Env, attribute: Value | undefined): (item: Value) => Value[] {
  const names: (Value | undefined)[] =
    attribute !== undefined && isText(attribute) ? str(attribute).split(',') : [attribute];
  const getters = names.map((name) => getterOf(env, name));
  return (item) => getters.map((get) => get(item));
}

/** Text in lower case, anything else as it is: how Jinja compares where case does not matter. */
export function caseless(value: Value): Value {
  return isText(value) ? str(value).toLowerCase() : value;
}

/** A group of `groupby`: the tuple `(grouper, list)` with its two names. */
export class GroupTuple extends Tuple {
  readonly grouper: Value;
  readonly list: Value[];
  constructor(grouper: Value, list: Value[]) {
    super([grouper, list]);
    this.grouper = grouper;
    this.list = list;
  }

  /** The names by which templates reach the two parts. */
  attribute(name: string): Value | undefined {
    return name === 'grouper' ? this.grouper : name === 'list' ? this.list : undefined;
  }
}
