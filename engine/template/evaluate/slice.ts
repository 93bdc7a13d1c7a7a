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
  if (target instanceof Range) return pick(target.iterate(), start, stop, step);
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

function pick<T>(items: readonly T[], from: Value, to: Value, by: Value): T[] {
  const step = bound(by) ?? 1;
  if (step === 0) return valueFault('slice step cannot be zero');
  const [start, stop] = [bound(from), bound(to)];
  const place = (value: number): number =>
    value < 0 ? Math.max(value + items.length, 0) : Math.min(value, items.length);
  if (step === 1) return items.slice(place(start ?? 0), place(stop ?? items.length));
  const back = (value: number): number =>
    value < 0 ? Math.max(value + items.length, -1) : Math.min(value, items.length - 1);
  const picked: T[] = [];
  if (step > 0) {
    const end = place(stop ?? items.length);
    for (let index = place(start ?? 0); index < end; index += step) picked.push(items[index]!);
  } else {
    const end = stop === undefined ? -1 : back(stop);
    for (let index = back(start ?? items.length - 1); index > end; index += step) picked.push(items[index]!);
  }
  return picked;
}
