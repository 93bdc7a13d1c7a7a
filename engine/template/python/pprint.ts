// Python's pprint.pformat: what does not fit a line is laid out over several, a long text as several literals.

import { isDict, Tuple, type Value } from '../../model/value.ts';
import { Fault } from '../fault.ts';
import { compare } from './compare.ts';
import { quote, repr } from './text.ts';
import { isText, textLength, typeName } from './types.ts';

const WIDTH = 80;

/** The value laid out as `pprint` prints it; the containers of 2.19 are none that pprint knows and stay as `repr` has them. */
export function pformat(value: Value, containers: boolean): string {
  if (containers) return layout(sorted(value), 0, 0, true);
  const line = repr(value);
  return isText(value) && textLength(line) > WIDTH ? broken(String(value), 1, 1, true) : line;
}

/** `value` from column `indent` on, with room for `after` more characters behind its last line. */
function layout(value: Value, indent: number, after: number, top = false): string {
  const line = repr(value);
  if (textLength(line) <= WIDTH - indent - after) return line;
  if (isText(value))
    return top ? broken(String(value), indent + 1, after + 1, true) : broken(String(value), indent, after, false);
  if (Array.isArray(value)) return `[${items(value, indent + 1, after + 1)}]`;
  if (value instanceof Tuple) {
    const end = value.items.length === 1 ? ',)' : ')';
    return `(${items(value.items, indent + 1, after + end.length)}${end}`;
  }
  if (isDict(value)) {
    const entries = [...value].map(([key, item], i) => {
      const name = `${repr(key)}: `;
      return name + layout(item, indent + 1 + textLength(name), i === value.size - 1 ? after + 1 : 1);
    });
    return `{${entries.join(`,\n${' '.repeat(indent + 1)}`)}}`;
  }
  return line;
}

function items(values: readonly Value[], indent: number, after: number): string {
  return values
    .map((item, i) => layout(item, indent, i === values.length - 1 ? after : 1))
    .join(`,\n${' '.repeat(indent)}`);
}

/** The value with the keys of its dicts in order: by themselves where they can be compared, else by their types. */
function sorted(value: Value): Value {
  if (Array.isArray(value)) return value.map(sorted);
  if (value instanceof Tuple) return new Tuple(value.items.map(sorted));
  if (!isDict(value)) return value;
  const entries = [...value].map(([key, item]): [Value, Value] => [key, sorted(item)]);
  return new Map(entries.sort(([a], [b]) => order(a, b)));
}

function order(a: Value, b: Value): number {
  try {
    return compare(a, b);
  } catch (error) {
    if (!(error instanceof Fault) || error.kind !== 'TypeError') throw error;
    return typeName(a) < typeName(b) ? -1 : 1;
  }
}

/** A long text as several literals, broken after white space; at the top in parentheses. */
function broken(text: string, indent: number, after: number, parentheses: boolean): string {
  const room = WIDTH - indent;
  const lines = text.match(/[^\n]*\n|[^\n]+/g) ?? [];
  const chunks: string[] = [];
  for (const [i, line] of lines.entries()) {
    const last = i === lines.length - 1;
    if (textLength(quote(line)) <= room - (last ? after : 0)) {
      chunks.push(quote(line));
      continue;
    }
    const parts = line.match(/\S*\s*/g)!.filter((part) => part !== '');
    let current = '';
    for (const [j, part] of parts.entries()) {
      const most = room - (last && j === parts.length - 1 ? after : 0);
      if (textLength(quote(current + part)) > most) {
        if (current !== '') chunks.push(quote(current));
        current = part;
      } else current += part;
    }
    if (current !== '') chunks.push(quote(current));
  }
  const joined = chunks.join(`\n${' '.repeat(indent)}`);
  return parentheses && chunks.length > 1 ? `(${joined})` : joined;
}
