// ansible.utils' filters over nested data: get_path, to_paths, index_of.

import { type Dict, isDict, type Value } from '../../model/value.ts';
import { Fault } from '../fault.ts';
import type { Env } from '../library.ts';
import { truth } from '../python/compare.ts';
import { dictGet } from '../python/dicts.ts';
import { repr, str } from '../python/text.ts';
import { isText, typeName } from '../python/types.ts';
import { Undefined } from '../undefined.ts';
import { type Bound, type FilterTable, filter, flag, refuse, text } from './define.ts';

const WHOLE = { keepsTrust: true } as const;

/** The steps of `a.b[0]['c.d']`. */
function steps(path: string): Value[] {
  const found: Value[] = [];
  const step = /\.?([^.[\]]+)|\[(?:'([^']*)'|"([^"]*)"|(-?\d+)|([^\]]+))\]/y;
  let at = 0;
  while (at < path.length) {
    step.lastIndex = at;
    const match = step.exec(path);
    if (match === null) return refuse(`the path '${path}' cannot be read at character ${at}`);
    found.push(match[4] !== undefined ? Number(match[4]) : (match[1] ?? match[2] ?? match[3] ?? match[5])!);
    at = step.lastIndex;
  }
  return found;
}

function getPath(input: Value, [path, wantList]: Bound, env: Env): Value {
  let value = input;
  for (const step of steps(text(path))) {
    const index = Array.isArray(value) && isText(step) && /^-?\d+$/.test(str(step)) ? Number(step) : step;
    value = env.item(value, index);
    if (value instanceof Undefined) return value;
  }
  return flag(wantList) && !Array.isArray(value) ? [value] : value;
}

function toPaths(input: Value, [prepend, wantList]: Bound): Value {
  const paths: Dict = new Map();
  const walk = (value: Value, path: string): void => {
    const entries: (readonly [string, Value])[] = Array.isArray(value)
      ? value.map((item, i) => [`[${i}]`, item] as const)
      : isDict(value)
        ? [...value].map(([key, item]) => [keyStep(key, path), item] as const)
        : [];
    if (entries.length === 0) {
      paths.set(path, value);
      return;
    }
    for (const [step, item] of entries) walk(item, path + step);
  };
  walk(input, text(prepend));
  return flag(wantList) ? [paths] : paths;
}

function keyStep(key: Value, path: string): string {
  const name = str(key);
  if (isText(key) && !/^[A-Za-z_][\w-]*$/.test(name)) return `['${name}']`;
  return isText(key) ? (path === '' ? name : `.${name}`) : `[${repr(key)}]`;
}

function indexOf(input: Value, [test, value, key, failOnMissing, wantList]: Bound, env: Env): Value {
  if (!Array.isArray(input)) refuse(`A list is required for index_of, not ${typeName(input)}`);
  const name = text(test);
  const [, negation, testName = ''] = /^(!|not\s+)?\s*(.*)$/s.exec(name)!;
  const positive = negation === undefined;
  const args = { positional: value === undefined ? [] : [value], named: new Map<string, Value>() };
  const found: Value[] = [];
  for (const [i, item] of input.entries()) {
    let subject = item;
    if (key !== undefined && key !== null) {
      const keys = Array.isArray(key) ? key : [key];
      let missing = false;
      for (const each of keys) {
        const next = isDict(subject) ? dictGet(subject, each) : undefined;
        if (next === undefined) {
          missing = true;
          break;
        }
        subject = next;
      }
      if (missing) {
        if (flag(failOnMissing)) throw new Fault('KeyError', `'${str(key)}' was not found in ${repr(item)} at [${i}]`);
        continue;
      }
    }
    const holds = testName === 'true' ? truth(subject) : env.test(testName, subject, args);
    if (holds === positive) found.push(i);
  }
  return found.length === 1 && !flag(wantList) ? found[0]! : found;
}

export const structures: FilterTable = [
  filter('get_path', ['path', 'wantlist?'], getPath, WHOLE),
  filter('to_paths', ['prepend?', 'wantlist?'], toPaths),
  filter('index_of', ['test', 'value?', 'key?', 'fail_on_missing?', 'wantlist?'], indexOf, WHOLE),
];
