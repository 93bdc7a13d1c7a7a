// Python's arithmetic operators over values, with Python's refusals.

import { Bytes, Float, float, PySet, type Template, Tuple, type Value } from '../../model/value.ts';
import { Fault, typeFault } from '../fault.ts';
import { allowItems, allowText, MOST_BITS } from '../limits.ts';
import { Undefined } from '../undefined.ts';
import { hashKey } from './compare.ts';
import { escape, escapedIn } from './markup.ts';
import { int, isNumeric, quotient, toBigInt, toFloat, toNumber } from './numbers.ts';
import { formatPercent } from './percent.ts';
import { powerOf } from './powers.ts';
import { behaviour, isObject, isText, Markup, typeName } from './types.ts';

type Numeric = number | bigint | boolean | Float;

function unsupported(operator: string, a: Value, b: Value): never {
  return typeFault(`unsupported operand type(s) for ${operator}: '${typeName(a)}' and '${typeName(b)}'`);
}

function trip(a: Value, b: Value): void {
  if (a instanceof Undefined) a.trip();
  if (b instanceof Undefined) b.trip();
}

function floating(a: Numeric, b: Numeric): boolean {
  return isFloating(a) || isFloating(b);
}

function isFloating(a: Numeric): boolean {
  return a instanceof Float || (typeof a === 'number' && !Number.isInteger(a));
}

type Ints = (a: bigint, b: bigint) => bigint;
type Floats = (a: number, b: number) => number;

/** Computes with numbers exactly: `quick` where the ints are small, `ints` where they are not. */
function compute(a: Numeric, b: Numeric, quick: Floats, ints: Ints): Value {
  if (floating(a, b)) return float(quick(toFloat(a), toFloat(b)));
  if (typeof a !== 'bigint' && typeof b !== 'bigint') {
    const result = quick(Number(a), Number(b));
    if (Number.isSafeInteger(result)) return result + 0;
  }
  return int(ints(toBigInt(a as number | bigint | boolean), toBigInt(b as number | bigint | boolean)));
}

/** What an object of the template layer makes of an operation itself. */
function own(
  a: Value,
  operation: 'add' | 'subtract' | 'multiply' | 'divide' | 'floorDivide',
  b: Value,
): Value | undefined {
  return a !== null && isObject(a) ? behaviour(a)[operation]?.(b) : undefined;
}

/** `a + b`. */
export function add(a: Value, b: Value): Value {
  if (typeof a === 'string' && typeof b === 'string') return joinText(a, b);
  trip(a, b);
  if (isNumeric(a) && isNumeric(b))
    return compute(
      a,
      b,
      (x, y) => x + y,
      (x, y) => x + y,
    );
  if (isText(a)) {
    if (isText(b) && (a instanceof Markup || b instanceof Markup))
      return new Markup(joinText(escape(a).text, escape(b).text));
    if (isText(b)) return joinText(String(a), String(b));
    return typeFault(`can only concatenate str (not "${typeName(b)}") to str`);
  }
  if (Array.isArray(a)) {
    if (!Array.isArray(b)) return typeFault(`can only concatenate list (not "${typeName(b)}") to list`);
    allowItems(a.length + b.length, '+');
    return [...a, ...b];
  }
  if (a instanceof Tuple) {
    if (!(b instanceof Tuple)) return typeFault(`can only concatenate tuple (not "${typeName(b)}") to tuple`);
    return new Tuple([...a.items, ...b.items]);
  }
  if (a instanceof Bytes && b instanceof Bytes) return new Bytes(Buffer.concat([a.data, b.data]));
  return own(a, 'add', b) ?? unsupported('+', a, b);
}

function joinText(a: string, b: string): string {
  allowText(a.length + b.length, '+');
  return a + b;
}

/** `a - b`. */
export function subtract(a: Value, b: Value): Value {
  trip(a, b);
  if (isNumeric(a) && isNumeric(b))
    return compute(
      a,
      b,
      (x, y) => x - y,
      (x, y) => x - y,
    );
  if (a instanceof PySet && b instanceof PySet) {
    const without = new Set(b.items.map(hashKey));
    return new PySet(a.items.filter((item) => !without.has(hashKey(item))));
  }
  return own(a, 'subtract', b) ?? unsupported('-', a, b);
}

/** `a * b`. */
export function multiply(a: Value, b: Value): Value {
  trip(a, b);
  if (isNumeric(a) && isNumeric(b))
    return compute(
      a,
      b,
      (x, y) => x * y,
      (x, y) => x * y,
    );
  if (isRepeatable(a)) return repeat(a, b);
  if (isRepeatable(b)) return repeat(b, a);
  return own(a, 'multiply', b) ?? own(b, 'multiply', a) ?? unsupported('*', a, b);
}

type Repeatable = string | Template | Value[] | Tuple | Bytes;

function isRepeatable(value: Value): value is Repeatable {
  return isText(value) || Array.isArray(value) || value instanceof Tuple || value instanceof Bytes;
}

function repeat(sequence: Repeatable, times: Value): Value {
  if (!isNumeric(times) || isFloating(times))
    return typeFault(`can't multiply sequence by non-int of type '${typeName(times)}'`);
  if (typeof times === 'bigint' && BigInt.asIntN(64, times) !== times)
    throw new Fault('OverflowError', "cannot fit 'int' into an index-sized integer: it is too large");
  const count = Math.max(0, Number(times));
  if (isText(sequence)) {
    const text = String(sequence);
    allowText(text.length * count, '*');
    return text.repeat(count);
  }
  const items = Array.isArray(sequence) ? sequence : sequence instanceof Tuple ? sequence.items : [...sequence.data];
  allowItems(items.length * count, '*');
  const repeated: Value[] = [];
  // Nothing, however often, is nothing.
  for (let round = 0; items.length > 0 && round < count; round += 1) for (const item of items) repeated.push(item);
  if (sequence instanceof Tuple) return new Tuple(repeated);
  return sequence instanceof Bytes ? new Bytes(Uint8Array.from(repeated as number[])) : repeated;
}

/** `a / b`. */
export function divide(a: Value, b: Value): Value {
  trip(a, b);
  if (!isNumeric(a) || !isNumeric(b)) return own(a, 'divide', b) ?? unsupported('/', a, b);
  if (toNumber(b) === 0)
    throw new Fault('ZeroDivisionError', floating(a, b) ? 'float division by zero' : 'division by zero');
  if (floating(a, b)) return float(toFloat(a) / toFloat(b));
  const exact = typeof a !== 'bigint' && typeof b !== 'bigint';
  return float(exact ? Number(a) / Number(b) : quotient(toBigInt(a as number), toBigInt(b as number)));
}

/** `a // b`. */
export function floorDivide(a: Value, b: Value): Value {
  trip(a, b);
  if (!isNumeric(a) || !isNumeric(b)) return own(a, 'floorDivide', b) ?? unsupported('//', a, b);
  if (toNumber(b) === 0)
    throw new Fault(
      'ZeroDivisionError',
      floating(a, b) ? 'float floor division by zero' : 'integer division or modulo by zero',
    );
  if (floating(a, b)) return float(floorOf(toFloat(a), toFloat(b)));
  const [x, y] = [toBigInt(a as number), toBigInt(b as number)];
  const quotient = x / y;
  return int(x % y !== 0n && x < 0n !== y < 0n ? quotient - 1n : quotient);
}

/** The rest of a division of floats: it has the sign of the divisor. */
function rest(x: number, y: number): number {
  const left = x % y;
  if (left === 0) return y < 0 ? -0 : 0;
  return left < 0 !== y < 0 ? left + y : left;
}

/** The floor of a quotient of floats, from what their rest leaves: the rounded quotient may be one more. */
function floorOf(x: number, y: number): number {
  const whole = (x - rest(x, y)) / y;
  const floor = Math.floor(whole);
  if (whole === 0) return 1 / (x / y) < 0 ? -0 : 0;
  return whole - floor > 0.5 ? floor + 1 : floor;
}

/** `a % b`: the rest for numbers, formatting for text. */
export function modulo(a: Value, b: Value): Value {
  if (a instanceof Markup) return new Markup(formatPercent(a.text, escapedIn(b)));
  if (isText(a)) return formatPercent(String(a), b);
  trip(a, b);
  if (!isNumeric(a) || !isNumeric(b)) return unsupported('%', a, b);
  const divisor = toNumber(b);
  if (divisor === 0) throw new Fault('ZeroDivisionError', floating(a, b) ? 'float modulo' : 'integer modulo by zero');
  return compute(a, b, rest, (x, y) => {
    const rest = x % y;
    return rest !== 0n && rest < 0n !== y < 0n ? rest + y : rest;
  });
}

/** `a ** b`. */
export function power(a: Value, b: Value): Value {
  trip(a, b);
  if (!isNumeric(a) || !isNumeric(b)) return unsupported('** or pow()', a, b);
  const fractional = floating(a, b) || toNumber(b) < 0;
  const [x, y] = fractional ? [toFloat(a), toFloat(b)] : [toNumber(a), toNumber(b)];
  if (fractional) {
    if (x === 0 && y < 0) throw new Fault('ZeroDivisionError', '0.0 cannot be raised to a negative power');
    const result = powerOf(x, y);
    if (Number.isNaN(result) && !Number.isNaN(x) && !Number.isNaN(y))
      throw new Fault('ValueError', 'a complex number is no result that templates know');
    if (!Number.isFinite(result) && Number.isFinite(x) && Number.isFinite(y))
      throw new Fault('OverflowError', "(34, 'Numerical result out of range')");
    return float(result);
  }
  const quick = x ** y;
  if (typeof a !== 'bigint' && Number.isSafeInteger(quick)) return quick;
  if (Math.log2(Math.abs(x) + 1) * y > MOST_BITS) throw new Fault('LimitError', `${x} ** ${y} is too large`);
  return int(toBigInt(a as number) ** toBigInt(b as number));
}

/** `-a`. */
export function negate(a: Value): Value {
  if (a instanceof Undefined) return a.trip();
  const negative = a !== null && isObject(a) ? behaviour(a).negate?.() : undefined;
  if (negative !== undefined) return negative;
  if (!isNumeric(a)) return typeFault(`bad operand type for unary -: '${typeName(a)}'`);
  if (isFloating(a)) return float(-toNumber(a));
  return typeof a === 'bigint' ? int(-a) : 0 - Number(a);
}

/** `+a`. */
export function posit(a: Value): Value {
  if (a instanceof Undefined) return a.trip();
  if (!isNumeric(a)) return typeFault(`bad operand type for unary +: '${typeName(a)}'`);
  return typeof a === 'boolean' ? Number(a) : a;
}
