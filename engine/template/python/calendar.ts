// Days, seconds and offsets: the arithmetic beneath dates, free of time zones but for the local one.

export const DAY = 86400;

export interface Fields {
  readonly year: number;
  /** 1 to 12. */
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
}

/** Seconds since 1970 of a moment on the clock, taken as UTC. */
export function secondsOf(fields: Fields): number {
  const date = new Date(0);
  date.setUTCFullYear(fields.year, fields.month - 1, fields.day);
  date.setUTCHours(fields.hour, fields.minute, fields.second, 0);
  return Math.floor(date.getTime() / 1000);
}

/** The clock's fields of seconds since 1970, taken as UTC. */
export function fieldsOf(seconds: number): Fields {
  const date = new Date(seconds * 1000);
  return {
    year: date.getUTCFullYear(),
    month: date.getUTCMonth() + 1,
    day: date.getUTCDate(),
    hour: date.getUTCHours(),
    minute: date.getUTCMinutes(),
    second: date.getUTCSeconds(),
  };
}

/** True for a date that exists. */
export function isDate(year: number, month: number, day: number): boolean {
  if (year < 1 || year > 9999 || month < 1 || month > 12 || day < 1) return false;
  return day <= daysIn(year, month);
}

/** The number of days of a month. */
export function daysIn(year: number, month: number): number {
  const leap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
  return month === 2 ? (leap ? 29 : 28) : [4, 6, 9, 11].includes(month) ? 30 : 31;
}

/** Monday is 0, as Python's `weekday()`. */
export function weekdayOf(seconds: number): number {
  return (((Math.floor(seconds / DAY) + 3) % 7) + 7) % 7;
}

/** The day of the year, from 1. */
export function yeardayOf(fields: Fields): number {
  const start = secondsOf({ year: fields.year, month: 1, day: 1, hour: 0, minute: 0, second: 0 });
  return Math.floor((secondsOf(fields) - start) / DAY) + 1;
}

/** ISO 8601 year, week and weekday (Monday is 1). */
export function isoWeekOf(fields: Fields): readonly [year: number, week: number, weekday: number] {
  const weekday = weekdayOf(secondsOf(fields)) + 1;
  const thursday = fieldsOf(secondsOf(fields) + (4 - weekday) * DAY);
  return [thursday.year, Math.ceil(yeardayOf(thursday) / 7), weekday];
}

/** The local zone at a moment: its offset in seconds east of Greenwich and its name. */
export function localZone(seconds: number): { readonly offset: number; readonly name: string } {
  const date = new Date(seconds * 1000);
  const name = /\(([^)]+)\)/.exec(
    new Intl.DateTimeFormat('en-US', { timeZoneName: 'short' })
      .formatToParts(date)
      .filter((part) => part.type === 'timeZoneName')
      .map((part) => `(${part.value})`)
      .join(''),
  );
  return { offset: -date.getTimezoneOffset() * 60, name: name?.[1] ?? '' };
}

export function pad(value: number, width = 2, sign = '0'): string {
  return String(value).padStart(width, sign);
}
