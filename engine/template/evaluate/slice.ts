// `a[start:stop:step]`.

import { Bytes, Tuple, type Value } from '../../model/value.ts';
import { typeFault, valueFault } from '../fault.ts';
import { isInt } from '../python/numbers.ts';
import { characters, isText, typeName } from '../python/types.ts';
import { Undefined } from '../undefined.ts';
import { Range } from './objects.ts';

/** The part of a sequence. Throws as Python does. */
export function slice(target: Value, start: Value, stop: Value, step: Value): Value {
  if (target instanceof Undefined) return target;
  if (isText(target)) return pick(characters(String(target)), start, stop, step).join('');
  if (Array.isArray(target)) return pick(target, start, stop, step);
  if (target instanceof Tuple) return new Tuple(pick(target.items, start, stop, step));
  if (target instanceof Range) return part(target, start, stop, step);
  if (target instanceof Bytes) return new Bytes(Uint8Array.from(pick([...target.data], start, stop, step)));
  return typeFault(`'${typeName(target)}' object is not subscriptable`);
}

function bound(value: Value): number | undefined {
  if (value === null) return undefined;
  if (value instanceof Undefined) return value.trip();
  if (typeof value === 'boolean') return Number(value);
  if (!isInt(value)) return typeFault('slice indices must be integers or None or have an __index__ method');
  return Number(value);
}

/** Where a slice of a sequence of `length` items starts, where it ends, and its step, as Python's slice.indices(). */
function indices(length: number, from: Value, to: Value, by: Value): [start: number, end: number, step: number] {
  const step = bound(by) ?? 1;
  if (step === 0) return valueFault('slice step cannot be zero');
  const [lowest, highest] = step > 0 ? [0, length] : [-1, length - 1];
  const place = (value: number | undefined, missing: number): number =>
    value === undefined ? missing : value < 0 ? Math.max(value + length, lowest) : Math.min(value, highest);
  const [start, end] = [bound(from), bound(to)];
  return step > 0
    ? [place(start, lowest), place(end, highest), step]
    : [place(start, highest), place(end, lowest), step];
}

function pick<T>(items: readonly T[], from: Value, to: Value, by: Value): T[] {
  const [start, end, step] = indices(items.length, from, to, by);
  if (step === 1) return items.slice(start, Math.max(start, end));
  const picked: T[] = [];
  for (let index = start; step > 0 ? index < end : index > end; index += step) picked.push(items[index]!);
  return picked;
}

function part(range: Range, from: Value, to: Value, by: Value): Range {
  const [start, end, step] = indices(range.length(), from, to, by);
  return new Range(range.start + start * range.step, range.start + end * range.step, range.step * step);
}
