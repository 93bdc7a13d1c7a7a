// Python's pprint.pformat: what fits in 80 columns stays on one line, the rest is spread, dict keys sorted.

import { isDict, PySet, Tuple, type Value } from '../../model/value.ts';
import { Fault } from '../fault.ts';
import { compare } from './compare.ts';
import { quote, repr } from './text.ts';
import { isText, textLength, typeName } from './types.ts';

const WIDTH = 80;

/** The value laid out as `pprint` prints it. */
export function pformat(value: Value): string {
  return layOut(value, 0, 0);
}

function layOut(value: Value, indent: number, allowance: number): string {
  const line = flat(value);
  if (textLength(line) <= WIDTH - indent - allowance) return line;
  if (isDict(value) && value.size > 0) return `{${dictItems(value, indent + 1, allowance + 1)}}`;
  if (Array.isArray(value) && value.length > 0) return `[${listItems(value, indent + 1, allowance + 1)}]`;
  if (value instanceof Tuple && value.items.length > 0) {
    const end = value.items.length === 1 ? ',)' : ')';
    return `(${listItems(value.items, indent + 1, allowance + end.length)}${end}`;
  }
  if (value instanceof PySet && value.items.length > 0)
    return `{${listItems([...value.items].sort(order), indent + 1, allowance + 1)}}`;
  if (isText(value)) return brokenText(String(value), indent, allowance);
  return line;
}

function flat(value: Value): string {
  if (isDict(value))
    return `{${sortedEntries(value)
      .map(([key, item]) => `${flat(key)}: ${flat(item)}`)
      .join(', ')}}`;
  if (Array.isArray(value)) return `[${value.map(flat).join(', ')}]`;
  if (value instanceof Tuple) return `(${value.items.map(flat).join(', ')}${value.items.length === 1 ? ',' : ''})`;
  return repr(value);
}

function order(a: Value, b: Value): number {
  try {
    return compare(a, b);
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    return typeName(a) < typeName(b) ? -1 : typeName(a) > typeName(b) ? 1 : 0;
  }
}

function sortedEntries(dict: ReadonlyMap<Value, Value>): [Value, Value][] {
  return [...dict].sort(([a], [b]) => order(a, b));
}

function dictItems(dict: ReadonlyMap<Value, Value>, indent: number, allowance: number): string {
  const entries = sortedEntries(dict);
  return entries
    .map(([key, item], i) => {
      const name = `${repr(key)}: `;
      return name + layOut(item, indent + textLength(name), i === entries.length - 1 ? allowance : 1);
    })
    .join(`,\n${' '.repeat(indent)}`);
}

function listItems(items: readonly Value[], indent: number, allowance: number): string {
  return items
    .map((item, i) => layOut(item, indent, i === items.length - 1 ? allowance : 1))
    .join(`,\n${' '.repeat(indent)}`);
}

/** A long text as several literals in parentheses, broken after white space. */
function brokenText(text: string, outer: number, outerAllowance: number): string {
  const top = outer === 0;
  const indent = top ? 1 : outer;
  const allowance = top ? outerAllowance + 1 : outerAllowance;
  const lines = text.match(/[^\n]*\n|[^\n]+/g) ?? [];
  const chunks: string[] = [];
  for (const [i, line] of lines.entries()) {
    const last = i === lines.length - 1;
    const room = WIDTH - indent - (last ? allowance : 0);
    if (textLength(quote(line)) <= room) {
      chunks.push(quote(line));
      continue;
    }
    const parts = line.match(/\S*\s*/g)!.filter((part) => part !== '');
    let current = '';
    for (const [j, part] of parts.entries()) {
      const candidate = current + part;
      const most = WIDTH - indent - (j === parts.length - 1 && last ? allowance : 0);
      if (textLength(quote(candidate)) > most && current !== '') {
        chunks.push(quote(current));
        current = part;
      } else current = candidate;
    }
    if (current !== '') chunks.push(quote(current));
  }
  if (chunks.length === 1) return chunks[0]!;
  const body = chunks.join(`\n${' '.repeat(indent)}`);
  return top ? `(${body})` : body;
}
