// community.general's to_time_unit and its like: `3h -5m 6s` as a number of some unit.

import { float, type Value } from '../../model/value.ts';
import { str } from '../python/text.ts';
import { type Bound, type FilterTable, filter, real, refuse, text } from './define.ts';

const MILLISECONDS: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 604_800_000,
};

const NAMES: Readonly<Record<string, readonly string[]>> = {
  ms: ['ms', 'msec', 'msecond', 'millisecond'],
  s: ['s', 'sec', 'second'],
  m: ['m', 'min', 'minute'],
  h: ['h', 'hour'],
  d: ['d', 'day'],
  w: ['w', 'week'],
  mo: ['mo', 'month'],
  y: ['y', 'year'],
};

/** Milliseconds of a unit by any of its names; undefined for no unit. */
function sizeOf(name: string, daysPerYear: number, daysPerMonth: number): number | undefined {
  for (const [unit, names] of Object.entries(NAMES)) {
    if (!names.includes(name) && !names.includes(name.replace(/s$/, ''))) continue;
    if (unit === 'y') return daysPerYear * MILLISECONDS['d']!;
    if (unit === 'mo') return daysPerMonth * MILLISECONDS['d']!;
    return MILLISECONDS[unit]!;
  }
  return undefined;
}

function convert(input: Value, unit: string, year: Value | undefined, month: Value | undefined): Value {
  const [daysPerYear, daysPerMonth] = [real(year, 365), real(month, 30)];
  const size =
    sizeOf(unit, daysPerYear, daysPerMonth) ?? refuse(`to_time_unit() can not convert to the following unit: ${unit}`);
  if (str(input) === '0') return 0;
  if (str(input) === '') return float(0);
  let total = 0;
  for (const piece of str(input).trim().split(/\s+/)) {
    const match = /^(-?\d+)([a-z]+)$/.exec(piece);
    const part = match === null ? undefined : sizeOf(match[2]!, daysPerYear, daysPerMonth);
    if (part === undefined) refuse(`to_time_unit() can not interpret following string: ${str(input)}`);
    total += Number(match![1]) * part;
  }
  return float(Number((total / size).toFixed(12)));
}

const TARGETS: Readonly<Record<string, string>> = {
  to_milliseconds: 'ms',
  to_seconds: 's',
  to_minutes: 'm',
  to_hours: 'h',
  to_days: 'd',
  to_weeks: 'w',
  to_months: 'mo',
  to_years: 'y',
};

export const durations: FilterTable = [
  filter('to_time_unit', ['unit?', 'year?', 'month?'], (input, [unit, year, month]: Bound) =>
    convert(input, text(unit, 'ms'), year, month),
  ),
  ...Object.entries(TARGETS).map(([name, unit]) =>
    filter(name, ['year?', 'month?'], (input, [year, month]) => convert(input, unit, year, month)),
  ),
];
