// Python's timedelta, and what it shares with dates and times.

import { DateTime, float, type Value } from '../../model/value.ts';
import { Native } from '../evaluate/callable.ts';
import { Fault } from '../fault.ts';
import { bind, type Signature } from '../library.ts';
import { DAY, pad } from './calendar.ts';
import { int, isInt, isNumeric, roundHalfEven, toNumber } from './numbers.ts';
import { behaviour } from './types.ts';

export const MICRO = 1_000_000;

export type Members<T> = Readonly<Record<string, (self: T) => Value>>;
type Run<T> = (self: T, args: readonly (Value | undefined)[]) => Value;

/** A member that is a method, bound to the object it is read from. */
export function method<T>(name: string, signature: Signature, run: Run<T>): (self: T) => Value {
  return (self) => new Native(name, (args) => run(self, bind(name, args, signature)), 'builtin_function_or_method');
}

export function member<T>(members: Members<T>, self: T, name: string): Value | undefined {
  return Object.hasOwn(members, name) ? members[name]!(self) : undefined;
}

/** What all kinds share: two are equal where their order is the same. */
export abstract class Temporal extends DateTime {
  abstract readonly typeName: string;
  abstract repr(): string;
  abstract attribute(name: string): Value | undefined;

  equals(other: Value): boolean {
    return this.compare(other) === 0;
  }

  abstract compare(other: Value): number | undefined;
}

/** A span of time. */
export class TimeDelta extends Temporal {
  readonly typeName = 'timedelta';
  /** Whole seconds, rounded down. */
  readonly total: number;
  readonly micro: number;

  /** `total` seconds (may be negative) and microseconds, of any size. */
  constructor(total: number, micro = 0) {
    super();
    this.total = total + Math.floor(micro / MICRO);
    this.micro = micro - Math.floor(micro / MICRO) * MICRO;
  }

  get days(): number {
    return Math.floor(this.total / DAY);
  }

  get seconds(): number {
    return this.total - this.days * DAY;
  }

  attribute(name: string): Value | undefined {
    return member(SPAN, this, name);
  }

  truth(): boolean {
    return this.total !== 0 || this.micro !== 0;
  }

  compare(other: Value): number | undefined {
    return other instanceof TimeDelta ? this.total - other.total || this.micro - other.micro : undefined;
  }

  add(other: Value): Value | undefined {
    if (other instanceof TimeDelta) return new TimeDelta(this.total + other.total, this.micro + other.micro);
    return other instanceof DateTime ? behaviour(other).add?.(this) : undefined;
  }

  subtract(other: Value): Value | undefined {
    return other instanceof TimeDelta ? new TimeDelta(this.total - other.total, this.micro - other.micro) : undefined;
  }

  multiply(other: Value): Value | undefined {
    if (isInt(other)) return spanOf(this.micros * BigInt(other));
    return isNumeric(other) ? spanOf(nearest(Number(this.micros) * toNumber(other))) : undefined;
  }

  divide(other: Value): Value | undefined {
    if (other instanceof TimeDelta) return float(Number(this.micros) / Number(other.divisor));
    if (!isNumeric(other)) return undefined;
    if (toNumber(other) === 0) throw new Fault('ZeroDivisionError', 'division by zero');
    return spanOf(nearest(Number(this.micros) / toNumber(other)));
  }

  floorDivide(other: Value): Value | undefined {
    if (other instanceof TimeDelta) return int(floorOf(this.micros, other.divisor));
    if (!isInt(other)) return undefined;
    if (toNumber(other) === 0) throw new Fault('ZeroDivisionError', 'integer division or modulo by zero');
    return spanOf(floorOf(this.micros, BigInt(other)));
  }

  negate(): Value {
    return spanOf(-this.micros);
  }

  private get micros(): bigint {
    return BigInt(this.total) * BigInt(MICRO) + BigInt(this.micro);
  }

  private get divisor(): bigint {
    return this.micros === 0n ? refuseZero() : this.micros;
  }

  override toString(): string {
    const clock = `${Math.floor(this.seconds / 3600)}:${pad(Math.floor(this.seconds / 60) % 60)}:${pad(this.seconds % 60)}`;
    const days = this.days === 0 ? '' : `${this.days} day${Math.abs(this.days) === 1 ? '' : 's'}, `;
    return days + clock + (this.micro === 0 ? '' : `.${pad(this.micro, 6)}`);
  }

  repr(): string {
    const parts: string[] = [];
    if (this.days !== 0) parts.push(`days=${this.days}`);
    if (this.seconds !== 0) parts.push(`seconds=${this.seconds}`);
    if (this.micro !== 0) parts.push(`microseconds=${this.micro}`);
    return `datetime.timedelta(${parts.join(', ') || '0'})`;
  }
}

/** A span of microseconds. Throws where Python has none that long. */
function spanOf(micros: bigint): TimeDelta {
  const seconds = floorOf(micros, BigInt(MICRO));
  const days = floorOf(seconds, BigInt(DAY));
  if (days > 999999999n || days < -999999999n)
    throw new Fault('OverflowError', `days=${days}; must have magnitude <= 999999999`);
  return new TimeDelta(Number(seconds), Number(micros - seconds * BigInt(MICRO)));
}

function floorOf(a: bigint, b: bigint): bigint {
  const quotient = a / b;
  return a % b !== 0n && a < 0n !== b < 0n ? quotient - 1n : quotient;
}

/** The nearest whole number. */
function nearest(x: number): bigint {
  if (!Number.isFinite(x)) throw new Fault('OverflowError', 'cannot convert float infinity or NaN to integer');
  return BigInt(roundHalfEven(x));
}

function refuseZero(): never {
  throw new Fault('ZeroDivisionError', 'division by zero');
}

const SPAN: Members<TimeDelta> = {
  days: (self) => self.days,
  seconds: (self) => self.seconds,
  microseconds: (self) => self.micro,
  total_seconds: method('total_seconds', [], (self) => float((self.total * MICRO + self.micro) / MICRO)),
};
