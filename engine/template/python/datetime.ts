// Python's date, datetime, time and timedelta, as `to_datetime`, `now()` and YAML timestamps give them to templates.

import { DateTime, float, Tuple, type Value } from '../../model/value.ts';
import { Native } from '../evaluate/callable.ts';
import { Fault } from '../fault.ts';
import { bind, type Signature } from '../library.ts';
import {
  DAY,
  daysIn,
  type Fields,
  fieldsOf,
  isDate,
  isoWeekOf,
  localZone,
  pad,
  secondsOf,
  weekdayOf,
} from './calendar.ts';
import { isNumeric, toNumber } from './numbers.ts';
import { DAYS, MONTHS, type Moment, offsetText, strftime, strptime } from './strftime.ts';
import { str } from './text.ts';

const MICRO = 1_000_000;

type Members<T> = Readonly<Record<string, (self: T) => Value>>;
type Run<T> = (self: T, args: readonly (Value | undefined)[]) => Value;

/** A member that is a method, bound to the object it is read from. */
function method<T>(name: string, signature: Signature, run: Run<T>): (self: T) => Value {
  return (self) => new Native(name, (args) => run(self, bind(name, args, signature)), 'builtin_function_or_method');
}

function member<T>(members: Members<T>, self: T, name: string): Value | undefined {
  return Object.hasOwn(members, name) ? members[name]!(self) : undefined;
}

/** What all kinds share: two are equal where their order is the same. */
abstract class Temporal extends DateTime {
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
    return other instanceof PyDate ? other.add(this) : undefined;
  }

  subtract(other: Value): Value | undefined {
    return other instanceof TimeDelta ? new TimeDelta(this.total - other.total, this.micro - other.micro) : undefined;
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

/** A day. */
export class PyDate extends Temporal {
  readonly typeName: string = 'date';
  /** Seconds since 1970 as the calendar and clock show them, without regard to the zone. */
  readonly clock: number;
  readonly fields: Fields;

  constructor(clock: number) {
    super();
    this.clock = clock;
    this.fields = fieldsOf(clock);
  }

  get moment(): Moment {
    return {
      fields: this.fields,
      micro: 0,
      offset: undefined,
      zone: '',
      epoch: this.clock - localZone(this.clock).offset,
    };
  }

  attribute(name: string): Value | undefined {
    return member(DATE, this, name);
  }

  compare(other: Value): number | undefined {
    return other instanceof PyDate && !(other instanceof PyDateTime) ? this.clock - other.clock : undefined;
  }

  add(other: Value): Value | undefined {
    return other instanceof TimeDelta ? new PyDate(this.clock + other.days * DAY) : undefined;
  }

  subtract(other: Value): Value | undefined {
    if (other instanceof TimeDelta) return new PyDate(this.clock - other.days * DAY);
    return other instanceof PyDate && !(other instanceof PyDateTime)
      ? new TimeDelta(this.clock - other.clock)
      : undefined;
  }

  /** `isoformat()`. */
  override iso(_separator = 'T'): string {
    const { year, month, day } = this.fields;
    return `${pad(year, 4)}-${pad(month)}-${pad(day)}`;
  }

  override toString(): string {
    return this.iso();
  }

  repr(): string {
    const { year, month, day } = this.fields;
    return `datetime.date(${year}, ${month}, ${day})`;
  }
}

/** A moment, with or without an offset from UTC. */
export class PyDateTime extends PyDate {
  override readonly typeName = 'datetime';
  readonly micro: number;
  /** Seconds east of Greenwich; undefined for a time without zone. */
  readonly offset: number | undefined;

  constructor(clock: number, micro = 0, offset?: number) {
    super(clock);
    this.micro = micro;
    this.offset = offset;
  }

  /** Seconds since 1970; a time without zone is local time. */
  get epoch(): number {
    if (this.offset !== undefined) return this.clock - this.offset;
    const { year, month, day, hour, minute, second } = this.fields;
    return Math.floor(new Date(year, month - 1, day, hour, minute, second).getTime() / 1000);
  }

  override get moment(): Moment {
    const zone = this.offset === undefined ? '' : zoneName(this.offset);
    return { fields: this.fields, micro: this.micro, offset: this.offset, zone, epoch: this.epoch };
  }

  override attribute(name: string): Value | undefined {
    return member(DATETIME, this, name) ?? super.attribute(name);
  }

  override compare(other: Value): number | undefined {
    if (!(other instanceof PyDateTime)) return undefined;
    return this.instant - other.instant || this.micro - other.micro;
  }

  override equals(other: Value): boolean {
    return (
      other instanceof PyDateTime &&
      (this.offset === undefined) === (other.offset === undefined) &&
      this.compare(other) === 0
    );
  }

  private get instant(): number {
    return this.clock - (this.offset ?? 0);
  }

  override add(other: Value): Value | undefined {
    return other instanceof TimeDelta ? this.moved(other.total, other.micro) : undefined;
  }

  override subtract(other: Value): Value | undefined {
    if (other instanceof TimeDelta) return this.moved(-other.total, -other.micro);
    if (!(other instanceof PyDateTime)) return undefined;
    if ((this.offset === undefined) !== (other.offset === undefined))
      throw new Fault('TypeError', "can't subtract offset-naive and offset-aware datetimes");
    return new TimeDelta(this.instant - other.instant, this.micro - other.micro);
  }

  private moved(seconds: number, micro: number): PyDateTime {
    const sum = this.micro + micro;
    const carry = Math.floor(sum / MICRO);
    const clock = this.clock + seconds + carry;
    const { year } = fieldsOf(clock);
    if (year < 1 || year > 9999) throw new Fault('OverflowError', 'date value out of range');
    return new PyDateTime(clock, sum - carry * MICRO, this.offset);
  }

  override iso(separator = 'T'): string {
    const { hour, minute, second } = this.fields;
    const micro = this.micro === 0 ? '' : `.${pad(this.micro, 6)}`;
    const offset = this.offset === undefined ? '' : offsetText(this.offset, ':');
    return `${super.iso()}${separator}${pad(hour)}:${pad(minute)}:${pad(second)}${micro}${offset}`;
  }

  override toString(): string {
    return this.iso(' ');
  }

  override repr(): string {
    const { year, month, day, hour, minute, second } = this.fields;
    const parts: (number | string)[] = [year, month, day, hour, minute];
    if (second !== 0 || this.micro !== 0) parts.push(second);
    if (this.micro !== 0) parts.push(this.micro);
    if (this.offset !== undefined)
      parts.push(
        this.offset === 0
          ? 'tzinfo=datetime.timezone.utc'
          : `tzinfo=datetime.timezone(${new TimeDelta(this.offset).repr()})`,
      );
    return `datetime.datetime(${parts.join(', ')})`;
  }
}

const SPAN: Members<TimeDelta> = {
  days: (self) => self.days,
  seconds: (self) => self.seconds,
  microseconds: (self) => self.micro,
  total_seconds: method('total_seconds', [], (self) => float((self.total * MICRO + self.micro) / MICRO)),
};

const DATE: Members<PyDate> = {
  year: (self) => self.fields.year,
  month: (self) => self.fields.month,
  day: (self) => self.fields.day,
  weekday: method('weekday', [], (self) => weekdayOf(self.clock)),
  isoweekday: method('isoweekday', [], (self) => weekdayOf(self.clock) + 1),
  isocalendar: method('isocalendar', [], (self) => new Tuple(isoWeekOf(self.fields))),
  toordinal: method('toordinal', [], (self) => Math.floor(self.clock / DAY) + 719163),
  isoformat: method('isoformat', ['sep?', 'timespec?'], (self, [separator]) =>
    self.iso(separator === undefined ? 'T' : str(separator)),
  ),
  strftime: method('strftime', ['format'], (self, [format]) => strftime(str(format!), self.moment)),
  ctime: method('ctime', [], (self) => ctime(self.clock, self.fields)),
  replace: method('replace', ['year?', 'month?', 'day?'], (self, args) => new PyDate(replaced(self.fields, args))),
};

const DATETIME: Members<PyDateTime> = {
  hour: (self) => self.fields.hour,
  minute: (self) => self.fields.minute,
  second: (self) => self.fields.second,
  microsecond: (self) => self.micro,
  tzinfo: (self) => (self.offset === undefined ? null : zoneName(self.offset)),
  date: method('date', [], (self) => new PyDate(Math.floor(self.clock / DAY) * DAY)),
  time: method('time', [], (self) =>
    self
      .iso('T')
      .slice(11)
      .replace(/[+-]\d\d:\d\d$/, ''),
  ),
  timestamp: method('timestamp', [], (self) => float(self.epoch + self.micro / MICRO)),
  utcoffset: method('utcoffset', [], (self) => (self.offset === undefined ? null : new TimeDelta(self.offset))),
  tzname: method('tzname', [], (self) => (self.offset === undefined ? null : zoneName(self.offset))),
  replace: method(
    'replace',
    ['year?', 'month?', 'day?', 'hour?', 'minute?', 'second?', 'microsecond?'],
    (self, args) => {
      const micro = args[6];
      return new PyDateTime(
        replaced(self.fields, args),
        micro !== undefined && isNumeric(micro) ? toNumber(micro) : self.micro,
        self.offset,
      );
    },
  ),
};

function zoneName(offset: number): string {
  return offset === 0 ? 'UTC' : `UTC${offsetText(offset, ':')}`;
}

function ctime(clock: number, { month, day, hour, minute, second, year }: Fields): string {
  const name = DAYS[weekdayOf(clock)]!.slice(0, 3);
  return `${name} ${MONTHS[month - 1]!.slice(0, 3)} ${pad(day, 2, ' ')} ${pad(hour)}:${pad(minute)}:${pad(second)} ${year}`;
}

function replaced(fields: Fields, args: readonly (Value | undefined)[]): number {
  const names = ['year', 'month', 'day', 'hour', 'minute', 'second'] as const;
  const changed = { ...fields };
  for (const [i, name] of names.entries()) {
    const value = args[i];
    if (value !== undefined && isNumeric(value)) changed[name] = toNumber(value);
  }
  if (changed.month < 1 || changed.month > 12) throw new Fault('ValueError', 'month must be in 1..12');
  if (!isDate(changed.year, changed.month, changed.day) || changed.day > daysIn(changed.year, changed.month))
    throw new Fault('ValueError', 'day is out of range for month');
  return secondsOf(changed);
}

/** `datetime.strptime(text, format)`. Throws a ValueError fault. */
export function readDateTime(text: string, format: string): PyDateTime {
  const { fields, micro, offset } = strptime(text, format);
  return new PyDateTime(secondsOf(fields), micro, offset);
}

/** `datetime.now()`, or in UTC (`utcnow()`: without a zone). */
export function currentDateTime(utc: boolean, now: number = Date.now()): PyDateTime {
  const seconds = Math.floor(now / 1000);
  return new PyDateTime(seconds + (utc ? 0 : localZone(seconds).offset), (now - seconds * 1000) * 1000);
}

/** `time.strftime(format, time.localtime(seconds))`, or `gmtime`. */
export function formatSeconds(format: string, seconds: number, utc: boolean): string {
  const whole = Math.floor(seconds);
  const { offset, name } = utc ? { offset: 0, name: 'UTC' } : localZone(whole);
  return strftime(format, {
    fields: fieldsOf(whole + offset),
    micro: 0,
    offset,
    zone: utc ? 'GMT' : name,
    epoch: utc ? whole - localZone(whole).offset : whole,
  });
}
