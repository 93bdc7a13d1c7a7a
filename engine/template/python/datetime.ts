// Python's date, datetime and time, as `to_datetime`, `now()` and YAML timestamps give them to templates.

import { float, Tuple, type Value } from '../../model/value.ts';
import { Fault } from '../fault.ts';
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
  yeardayOf,
} from './calendar.ts';
import { isNumeric, toNumber } from './numbers.ts';
import { DAYS, MONTHS, type Moment, offsetText, strftime, strptime } from './strftime.ts';
import { str } from './text.ts';
import { type Members, MICRO, member, method, Temporal, TimeDelta } from './timedelta.ts';

/** A clock without a day. */
class Time extends Temporal {
  readonly typeName = 'time';
  readonly of: PyDateTime;

  constructor(of: PyDateTime) {
    super();
    this.of = of;
  }

  attribute(name: string): Value | undefined {
    return Object.hasOwn(CLOCK, name) ? CLOCK[name]!(this.of) : undefined;
  }

  compare(other: Value): number | undefined {
    return other instanceof Time ? this.micros - other.micros : undefined;
  }

  private get micros(): number {
    const { hour, minute, second } = this.of.fields;
    return (hour * 3600 + minute * 60 + second) * MICRO + this.of.micro;
  }

  override iso(): string {
    return clockText(this.of);
  }

  override toString(): string {
    return this.iso();
  }

  repr(): string {
    const { hour, minute, second } = this.of.fields;
    const parts = [hour, minute];
    if (second !== 0 || this.of.micro !== 0) parts.push(second);
    if (this.of.micro !== 0) parts.push(this.of.micro);
    return `datetime.time(${parts.join(', ')})`;
  }
}

function clockText({ fields: { hour, minute, second }, micro }: PyDateTime): string {
  return `${pad(hour)}:${pad(minute)}:${pad(second)}${micro === 0 ? '' : `.${pad(micro, 6)}`}`;
}

/** A tuple whose items have names. */
class Named extends Tuple {
  readonly names: readonly string[];

  constructor(names: readonly string[], items: readonly Value[]) {
    super(items);
    this.names = names;
  }

  attribute(name: string): Value | undefined {
    const index = this.names.indexOf(name);
    return index < 0 ? undefined : this.items[index];
  }
}

const TIME_FIELDS = ['year', 'mon', 'mday', 'hour', 'min', 'sec', 'wday', 'yday', 'isdst'].map((name) => `tm_${name}`);

/** `timetuple()`. */
function timeTuple({ clock, fields }: PyDate, summer: number): Value {
  const { year, month, day, hour, minute, second } = fields;
  const yearday = yeardayOf(fields);
  return new Named(TIME_FIELDS, [year, month, day, hour, minute, second, weekdayOf(clock), yearday, summer]);
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

  format(spec: string): string {
    return strftime(spec, this.moment);
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
    // The C library takes the clock for local time, whatever the offset.
    const epoch = new PyDateTime(this.clock).epoch;
    return { fields: this.fields, micro: this.micro, offset: this.offset, zone, epoch };
  }

  override attribute(name: string): Value | undefined {
    return Object.hasOwn(DATETIME, name) ? DATETIME[name]!(this) : super.attribute(name);
  }

  override compare(other: Value): number | undefined {
    if (!(other instanceof PyDateTime)) return undefined;
    if (this.isAware !== other.isAware)
      throw new Fault('TypeError', "can't compare offset-naive and offset-aware datetimes");
    return this.instant - other.instant || this.micro - other.micro;
  }

  override equals(other: Value): boolean {
    return other instanceof PyDateTime && this.isAware === other.isAware && this.compare(other) === 0;
  }

  /** Is there an offset from UTC? */
  get isAware(): boolean {
    return this.offset !== undefined;
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
    if (this.isAware !== other.isAware)
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
    const offset = this.offset === undefined ? '' : offsetText(this.offset, ':');
    return `${super.iso()}${separator}${clockText(this)}${offset}`;
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

const DATE: Members<PyDate> = {
  year: (self) => self.fields.year,
  month: (self) => self.fields.month,
  day: (self) => self.fields.day,
  weekday: method('weekday', [], (self) => weekdayOf(self.clock)),
  isoweekday: method('isoweekday', [], (self) => weekdayOf(self.clock) + 1),
  isocalendar: method('isocalendar', [], (self) => new Named(['year', 'week', 'weekday'], isoWeekOf(self.fields))),
  timetuple: method('timetuple', [], (self) => timeTuple(self, -1)),
  toordinal: method('toordinal', [], (self) => Math.floor(self.clock / DAY) + 719163),
  isoformat: method('isoformat', ['sep?', 'timespec?'], (self, [separator]) =>
    self.iso(separator === undefined ? 'T' : str(separator)),
  ),
  strftime: method('strftime', ['format'], (self, [format]) => strftime(str(format!), self.moment)),
  ctime: method('ctime', [], (self) => ctime(self.clock, self.fields)),
  replace: method('replace', ['year?', 'month?', 'day?'], (self, args) => new PyDate(replaced(self.fields, args))),
};

const CLOCK: Members<PyDateTime> = {
  hour: (self) => self.fields.hour,
  minute: (self) => self.fields.minute,
  second: (self) => self.fields.second,
  microsecond: (self) => self.micro,
  tzinfo: (self) => (self.offset === undefined ? null : zoneName(self.offset)),
  isoformat: method('isoformat', [], (self) => clockText(self)),
  strftime: method('strftime', ['format'], (self, [format]) => strftime(str(format!), self.moment)),
};

const DATETIME: Members<PyDateTime> = {
  hour: (self) => self.fields.hour,
  minute: (self) => self.fields.minute,
  second: (self) => self.fields.second,
  microsecond: (self) => self.micro,
  tzinfo: (self) => (self.offset === undefined ? null : zoneName(self.offset)),
  date: method('date', [], (self) => new PyDate(Math.floor(self.clock / DAY) * DAY)),
  time: method('time', [], (self) => new Time(new PyDateTime(self.clock, self.micro))),
  dst: method('dst', [], () => null),
  utctimetuple: method('utctimetuple', [], (self) => timeTuple(new PyDate(self.clock - (self.offset ?? 0)), 0)),
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
