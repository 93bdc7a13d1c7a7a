// Filters that apply a test or a filter to each item: map, select, reject, selectattr, rejectattr.

import type { Value } from '../../model/value.ts';
import { Fault } from '../fault.ts';
import type { CallArgs, Env } from '../library.ts';
import { iterate, truth } from '../python/compare.ts';
import { str } from '../python/text.ts';
import { type FilterTable, rawFilter } from './define.ts';
import { type Getter, getterOf } from './getter.ts';

function map(input: Value, args: CallArgs, env: Env): Value {
  if (args.positional.length === 0 && args.named.has('attribute')) {
    for (const key of args.named.keys())
      if (key !== 'attribute' && key !== 'default')
        throw new Fault('TemplateError', `Unexpected keyword argument '${key}'`);
    const get = getterOf(env, args.named.get('attribute'), args.named.get('default'));
    return itemsOf(input).map(get);
  }
  const [name, ...rest] = args.positional;
  if (name === undefined) throw new Fault('TemplateError', 'map requires a filter argument');
  const inner: CallArgs = { positional: rest, named: args.named };
  const filterName = str(name);
  return itemsOf(input).map((item) => env.filter(filterName, item, inner));
}

/** The items of what is to be gone through; nothing at all (none, false, 0) has none. */
function itemsOf(input: Value): readonly Value[] {
  return truth(input) ? iterate(input) : [];
}

type Picks = (item: Value) => boolean;

function judge(
  input: Value,
  get: Getter,
  name: Value | undefined,
  rest: CallArgs,
  env: Env,
): readonly [Value, boolean][] {
  let holds: Picks = (item) => truth(get(item));
  if (name !== undefined) {
    const testName = str(name);
    holds = (item) => env.test(testName, get(item), rest);
  }
  return itemsOf(input).map((item) => [item, holds(item)] as [Value, boolean]);
}

function pick(wanted: boolean, byAttribute: boolean) {
  return (input: Value, args: CallArgs, env: Env): Value => {
    let positional = args.positional;
    let get: Getter = (item) => item;
    if (byAttribute) {
      if (positional.length === 0) throw new Fault('TemplateError', 'Missing parameter for attribute name');
      get = getterOf(env, positional[0]);
      positional = positional.slice(1);
    }
    const rest: CallArgs = { positional: positional.slice(1), named: args.named };
    const judged = judge(input, get, positional[0], rest, env);
    return judged.filter(([, holds]) => holds === wanted).map(([item]) => item);
  };
}

export const selecting: FilterTable = [
  rawFilter('map', map, { keepsTrust: true }),
  rawFilter('select', pick(true, false), { keepsTrust: true }),
  rawFilter('reject', pick(false, false), { keepsTrust: true }),
  rawFilter('selectattr', pick(true, true), { keepsTrust: true }),
  rawFilter('rejectattr', pick(false, true), { keepsTrust: true }),
];
