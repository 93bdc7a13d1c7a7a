// YAML 1.1 timestamps as PyYAML constructs them: a date, or a datetime with the offset it is written with.

import { isDate, secondsOf } from './calendar.ts';
import { PyDate, PyDateTime } from './datetime.ts';

const TIMESTAMP =
  /^(\d{4})-(\d\d?)-(\d\d?)(?:(?:[Tt]|[ \t]+)(\d\d?):(\d\d):(\d\d)(?:\.(\d*))?(?:[ \t]*(Z|([-+])(\d\d?)(?::?(\d\d))?))?)?$/;

/** The date or datetime that a timestamp stands for. Throws a RangeError for a day that does not exist. */
export function parseTimestamp(text: string): PyDate {
  const found = TIMESTAMP.exec(text);
  if (found === null) throw new RangeError(`'${text}' is no timestamp`);
  const [, year, month, day, hour, minute, second, fraction, zone, sign, zoneHour, zoneMinute] = found;
  const fields = {
    year: Number(year),
    month: Number(month),
    day: Number(day),
    hour: Number(hour ?? 0),
    minute: Number(minute ?? 0),
    second: Number(second ?? 0),
  };
  if (!isDate(fields.year, fields.month, fields.day) || fields.hour > 23 || fields.minute > 59 || fields.second > 59)
    throw new RangeError(`'${text}' is out of the calendar's range`);
  const clock = secondsOf(fields);
  if (hour === undefined) return new PyDate(clock);
  const micro = Number((fraction ?? '').slice(0, 6).padEnd(6, '0'));
  if (zone === undefined) return new PyDateTime(clock, micro);
  const size = Number(zoneHour ?? 0) * 3600 + Number(zoneMinute ?? 0) * 60;
  return new PyDateTime(clock, micro, zone === 'Z' ? 0 : sign === '-' ? -size : size);
}
