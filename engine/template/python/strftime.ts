// C's strftime in the C locale, and Python's strptime, which reads the same directives.

import { Fault } from '../fault.ts';
import { allowText } from '../limits.ts';
import { DAY, type Fields, fieldsOf, isDate, isoWeekOf, pad, secondsOf, weekdayOf, yeardayOf } from './calendar.ts';

export const DAYS = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'] as const;
export const MONTHS = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
] as const;

export interface Moment {
  readonly fields: Fields;
  readonly micro: number;
  /** Seconds east of Greenwich; undefined where the time has no zone. */
  readonly offset: number | undefined;
  readonly zone: string;
  /** Seconds since 1970. */
  readonly epoch: number;
}

const COMPOSITES: Readonly<Record<string, string>> = {
  c: '%a %b %e %H:%M:%S %Y',
  D: '%m/%d/%y',
  F: '%Y-%m-%d',
  h: '%b',
  r: '%I:%M:%S %p',
  R: '%H:%M',
  T: '%H:%M:%S',
  x: '%m/%d/%y',
  X: '%H:%M:%S',
};

/** Formats a moment; directives that C does not know stay as they are. */
export function strftime(format: string, moment: Moment): string {
  return format.replace(
    /%([-_0^#]?)(\d*)[EO]?([a-zA-Z%+])/g,
    (whole, sign: string, width: string, directive: string) => {
      const text = expand(directive, moment);
      return text === undefined ? whole : widened(dressed(text, sign, directive), Number(width), sign);
    },
  );
}

/** At least so wide: numbers with zeros before them, words with blanks. */
function widened(text: string, width: number, sign: string): string {
  allowText(width, 'strftime');
  return text.padStart(width, sign === '_' || (sign !== '0' && !/^\d/.test(text)) ? ' ' : '0');
}

function dressed(text: string, sign: string, directive: string): string {
  if (sign === '^') return text.toUpperCase();
  if (sign === '#') return directive === 'p' ? text.toLowerCase() : text.toUpperCase();
  if (sign === '-') return text.replace(/^[0 ]+(?=\d)/, '');
  if (sign === '_') return text.replace(/^0+(?=\d)/, (zeros) => ' '.repeat(zeros.length));
  return sign === '0' ? text.replace(/^ +/, (spaces) => '0'.repeat(spaces.length)) : text;
}

function expand(directive: string, moment: Moment): string | undefined {
  const composite = COMPOSITES[directive];
  if (composite !== undefined) return strftime(composite, moment);
  const { fields } = moment;
  const weekday = weekdayOf(secondsOf(fields));
  switch (directive) {
    case 'a':
      return DAYS[weekday]!.slice(0, 3);
    case 'A':
      return DAYS[weekday]!;
    case 'b':
      return MONTHS[fields.month - 1]!.slice(0, 3);
    case 'B':
      return MONTHS[fields.month - 1]!;
    case 'C':
      return pad(Math.floor(fields.year / 100));
    case 'd':
      return pad(fields.day);
    case 'e':
      return pad(fields.day, 2, ' ');
    case 'f':
      return pad(moment.micro, 6);
    case 'g':
      return pad(isoWeekOf(fields)[0] % 100);
    case 'G':
      return String(isoWeekOf(fields)[0]);
    case 'H':
      return pad(fields.hour);
    case 'I':
      return pad(fields.hour % 12 || 12);
    case 'j':
      return pad(yeardayOf(fields), 3);
    case 'k':
      return pad(fields.hour, 2, ' ');
    case 'l':
      return pad(fields.hour % 12 || 12, 2, ' ');
    case 'm':
      return pad(fields.month);
    case 'M':
      return pad(fields.minute);
    case 'n':
      return '\n';
    case 'p':
      return fields.hour < 12 ? 'AM' : 'PM';
    case 'P':
      return fields.hour < 12 ? 'am' : 'pm';
    case 's':
      return String(moment.epoch);
    case 'S':
      return pad(fields.second);
    case 't':
      return '\t';
    case 'u':
      return String(weekday + 1);
    case 'U':
      return pad(Math.floor((yeardayOf(fields) + 6 - ((weekday + 1) % 7)) / 7));
    case 'V':
      return pad(isoWeekOf(fields)[1]);
    case 'w':
      return String((weekday + 1) % 7);
    case 'W':
      return pad(Math.floor((yeardayOf(fields) + 6 - weekday) / 7));
    case 'y':
      return pad(fields.year % 100);
    case 'Y':
      return String(fields.year);
    case 'z':
      return moment.offset === undefined ? '' : offsetText(moment.offset, '');
    case 'Z':
      return moment.zone;
    case '%':
      return '%';
    default:
      return undefined;
  }
}

/** `+0200`, or with a colon between. */
export function offsetText(offset: number, between: string): string {
  const size = Math.abs(offset);
  const seconds = size % 60 === 0 ? '' : between + pad(size % 60);
  return `${offset < 0 ? '-' : '+'}${pad(Math.floor(size / 3600))}${between}${pad(Math.floor((size % 3600) / 60))}${seconds}`;
}

const READERS: Readonly<Record<string, string>> = {
  a: `(?<a>${DAYS.map((day) => day.slice(0, 3)).join('|')})`,
  A: `(?<A>${DAYS.join('|')})`,
  b: `(?<b>${MONTHS.map((month) => month.slice(0, 3)).join('|')})`,
  B: `(?<B>${MONTHS.join('|')})`,
  d: '(?<d>3[01]|[12]\\d|0[1-9]|[1-9]| [1-9])',
  f: '(?<f>\\d{1,6})',
  G: '(?<G>\\d{4})',
  H: '(?<H>2[0-3]|[01]\\d|\\d)',
  I: '(?<I>1[0-2]|0[1-9]|[1-9]| [1-9])',
  j: '(?<j>36[0-6]|3[0-5]\\d|[12]\\d\\d|0[1-9]\\d|00[1-9]|[1-9]\\d|0[1-9]|[1-9])',
  m: '(?<m>1[0-2]|0[1-9]|[1-9])',
  M: '(?<M>[0-5]\\d|\\d)',
  p: '(?<p>am|pm)',
  S: '(?<S>6[01]|[0-5]\\d|\\d)',
  u: '(?<u>[1-7])',
  U: '(?<U>5[0-3]|[0-4]\\d|\\d)',
  V: '(?<V>5[0-3]|0[1-9]|[1-4]\\d|\\d)',
  w: '(?<w>[0-6])',
  W: '(?<W>5[0-3]|[0-4]\\d|\\d)',
  y: '(?<y>\\d\\d)',
  Y: '(?<Y>\\d{4})',
  z: '(?<z>[+-]\\d\\d:?[0-5]\\d(?::?[0-5]\\d(?:\\.\\d{1,6})?)?|Z)',
  Z: '(?<Z>utc|gmt)',
};

export interface Parsed {
  readonly fields: Fields;
  readonly micro: number;
  readonly offset: number | undefined;
}

/** `datetime.strptime`. Throws a ValueError fault with Python's words. */
export function strptime(text: string, format: string): Parsed {
  const spread = format.replace(/%([cxX])/g, (whole, letter: string) =>
    letter === 'c' ? '%a %b %d %H:%M:%S %Y' : (COMPOSITES[letter] ?? whole),
  );
  const pattern = spread
    .replace(/[\\.^$*+?(){}[\]|]/g, '\\$&')
    .replace(/\s+/g, '\\s+')
    .replace(/%(.?)/gs, (_whole, letter: string) => {
      if (letter === '%') return '%';
      if (letter === '') throw new Fault('ValueError', `stray % in format '${format}'`);
      return READERS[letter] ?? badDirective(letter, format);
    });
  const found = matchRead(pattern, text, format);
  if (found === null) throw new Fault('ValueError', `time data '${text}' does not match format '${format}'`);
  if (found[0].length < text.length)
    throw new Fault('ValueError', `unconverted data remains: ${text.slice(found[0].length)}`);
  return conclude(found.groups ?? {});
}

function matchRead(pattern: string, text: string, format: string): RegExpExecArray | null {
  try {
    return new RegExp(`^${pattern}`, 'i').exec(text);
  } catch {
    throw new Fault('ValueError', `the format '${format}' names a directive twice`);
  }
}

function badDirective(letter: string, format: string): never {
  throw new Fault('ValueError', `'${letter}' is a bad directive in format '${format}'`);
}

type Groups = Readonly<Record<string, string | undefined>>;

function conclude(groups: Groups): Parsed {
  checkIso(groups);
  let year = yearOf(groups);
  let month = 1;
  if (groups['m'] !== undefined) month = Number(groups['m']);
  else if (groups['B'] !== undefined) month = indexOf(MONTHS, groups['B'], 20) + 1;
  else if (groups['b'] !== undefined) month = indexOf(MONTHS, groups['b'], 3) + 1;
  let day = Number(groups['d'] ?? 1);
  const byDay = dayOfYear(groups, year);
  if (byDay !== undefined) {
    const date = fieldsOf(secondsOf({ year, month: 1, day: 1, hour: 0, minute: 0, second: 0 }) + (byDay - 1) * DAY);
    ({ year, month, day } = date);
  }
  if (!isDate(year, month, day)) throw new Fault('ValueError', 'day is out of range for month');
  return {
    fields: {
      year,
      month,
      day,
      hour: hourOf(groups),
      minute: Number(groups['M'] ?? 0),
      second: Math.min(Number(groups['S'] ?? 0), 59),
    },
    micro: Number((groups['f'] ?? '').padEnd(6, '0')),
    offset: readOffset(groups['z']),
  };
}

/** A week of ISO 8601 needs its year and its day, and the year its week. */
function checkIso(groups: Groups): void {
  const [year, week] = [groups['G'] !== undefined, groups['V'] !== undefined];
  if (!week && (!year || groups['Y'] !== undefined)) return;
  if (week && year && weekdayRead(groups) !== undefined) return;
  throw new Fault(
    'ValueError',
    year
      ? "ISO year directive '%G' must be used with the ISO week directive '%V' and a weekday directive ('%A', '%a', '%w', or '%u')."
      : "ISO week directive '%V' must be used with the ISO year directive '%G' and a weekday directive ('%A', '%a', '%w', or '%u').",
  );
}

function yearOf(groups: Groups): number {
  if (groups['Y'] !== undefined) return Number(groups['Y']);
  if (groups['y'] !== undefined) return Number(groups['y']) + (Number(groups['y']) <= 68 ? 2000 : 1900);
  return groups['G'] === undefined ? 1900 : Number(groups['G']);
}

function hourOf(groups: Groups): number {
  if (groups['H'] !== undefined) return Number(groups['H']);
  // Half of a day means nothing without its hour.
  if (groups['I'] === undefined) return 0;
  const hour = Number(groups['I']) % 12;
  return groups['p']?.toLowerCase() === 'pm' ? hour + 12 : hour;
}

function indexOf(names: readonly string[], word: string, length: number): number {
  return names.findIndex((name) => name.slice(0, length).toLowerCase() === word.toLowerCase());
}

function dayOfYear(groups: Groups, year: number): number | undefined {
  if (groups['j'] !== undefined) return Number(groups['j']);
  const weekday = weekdayRead(groups);
  const first = weekdayOf(secondsOf({ year, month: 1, day: 1, hour: 0, minute: 0, second: 0 }));
  if (groups['V'] !== undefined && weekday !== undefined) {
    const fourth = weekdayOf(secondsOf({ year, month: 1, day: 4, hour: 0, minute: 0, second: 0 }));
    return Number(groups['V']) * 7 + weekday + 1 - (fourth + 4);
  }
  const week = groups['U'] ?? groups['W'];
  if (week === undefined || weekday === undefined) return undefined;
  const sundays = groups['U'] !== undefined;
  const [start, day] = sundays ? [(first + 1) % 7, (weekday + 1) % 7] : [first, weekday];
  const firstWeek = (7 - start) % 7;
  return Number(week) === 0 ? 1 + day - start : 1 + firstWeek + 7 * (Number(week) - 1) + day;
}

function weekdayRead(groups: Groups): number | undefined {
  if (groups['A'] !== undefined) return indexOf(DAYS, groups['A'], 20);
  if (groups['a'] !== undefined) return indexOf(DAYS, groups['a'], 3);
  if (groups['w'] !== undefined) return (Number(groups['w']) + 6) % 7;
  return groups['u'] === undefined ? undefined : Number(groups['u']) - 1;
}

function readOffset(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (text.toUpperCase() === 'Z') return 0;
  const [, sign, hours, minutes, seconds] = /([+-])(\d\d):?(\d\d)(?::?(\d\d))?/.exec(text)!;
  return (sign === '-' ? -1 : 1) * (Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds ?? 0));
}
