// Times of files as the file module takes them: `now`, `preserve`, or text in a strptime format, brought into the one form
// that every `touch -t` and `date` understands.

import { ModuleFailure, type Observed } from '../../../engine/module/contract.ts';
import { type Script, sh } from '../../../engine/module/sh.ts';

export interface Times {
  readonly modification_time?: string | undefined;
  readonly modification_time_format: string;
  readonly access_time?: string | undefined;
  readonly access_time_format: string;
}

const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];

const CODES: Readonly<Record<string, { pattern: string; field: string }>> = {
  Y: { pattern: '(\\d{4})', field: 'year' },
  y: { pattern: '(\\d\\d)', field: 'shortYear' },
  m: { pattern: '(\\d\\d?)', field: 'month' },
  d: { pattern: '(\\d\\d?)', field: 'day' },
  H: { pattern: '(\\d\\d?)', field: 'hour' },
  I: { pattern: '(\\d\\d?)', field: 'hour12' },
  p: { pattern: '([AaPp][Mm])', field: 'half' },
  M: { pattern: '(\\d\\d?)', field: 'minute' },
  S: { pattern: '(\\d\\d?)', field: 'second' },
  b: { pattern: '([A-Za-z]{3})', field: 'monthName' },
  B: { pattern: '([A-Za-z]+)', field: 'monthName' },
};

/** `CCYYMMDDhhmm.SS` of a time in a format. Throws ModuleFailure with Ansible's words. */
export function stamp(text: string, format: string): string {
  const fields: string[] = [];
  const fault = (reason: string): ModuleFailure =>
    new ModuleFailure(`Error while obtaining timestamp for time ${text} using format ${format}: ${reason}`);
  const pattern = format.replace(/%([A-Za-z%])|[.*+?^${}()|[\]\\/-]/g, (whole, code: string | undefined) => {
    if (code === undefined) return `\\${whole}`;
    if (code === '%') return '%';
    const known = CODES[code];
    if (known === undefined) throw fault(`the code %${code} is not supported`);
    fields.push(known.field);
    return known.pattern;
  });
  const match = new RegExp(`^${pattern}$`).exec(text);
  if (match === null) throw fault(`time data '${text}' does not match format '${format}'`);
  const told = new Map(fields.map((field, index) => [field, match[index + 1]!]));
  const number = (field: string, otherwise: number): number => Number(told.get(field) ?? otherwise);
  const short = number('shortYear', 0);
  const year = told.has('year')
    ? number('year', 1900)
    : told.has('shortYear')
      ? short + (short < 69 ? 2000 : 1900)
      : 1900;
  const name = told.get('monthName')?.slice(0, 3).toLowerCase();
  const month = name === undefined ? number('month', 1) : MONTHS.indexOf(name) + 1;
  const afternoon = told.get('half')?.toLowerCase() === 'pm' ? 12 : 0;
  const hour = told.has('hour12') ? (number('hour12', 0) % 12) + afternoon : number('hour', 0);
  const two = (value: number): string => String(value).padStart(2, '0');
  return `${String(year).padStart(4, '0')}${two(month)}${two(number('day', 1))}${two(hour)}${two(number('minute', 0))}.${two(number('second', 0))}`;
}

/** Asks for the times of the file that `$f` names, in the form of `stamp`. */
export function askTimes(args: Times): Script | '' {
  const asked = [args.modification_time, args.access_time].some((time) => isStamp(time));
  if (!asked) return '';
  return sh`if [ -e "$f" ]; then for k in Y X; do
  printf '%s\0' fact "time-$k" "$(date -d "@$(stat -L -c "%$k" "$f")" +%Y%m%d%H%M.%S 2>/dev/null)"
done; fi`;
}

function isStamp(time: string | undefined): time is string {
  return time !== undefined && time !== 'now' && time !== 'preserve';
}

/** Which times have to be set, and how. */
export interface TimePlan {
  readonly script: Script | '';
  readonly differs: boolean;
}

/** Plans the times of the file at `at`; `otherwise` is what an argument that is not given means. */
export function planTimes(args: Times, at: string, seen: Observed, otherwise: 'now' | 'preserve'): TimePlan {
  const parts: Script[] = [];
  const plan = (flag: string, time: string, format: string, told: unknown): void => {
    if (time === 'preserve') return;
    if (time === 'now') parts.push(sh`touch ${flag} ${at}`);
    else {
      const wanted = stamp(time, format);
      if (told !== wanted) parts.push(sh`touch ${flag} -t ${wanted} ${at}`);
    }
  };
  plan('-m', args.modification_time ?? otherwise, args.modification_time_format, seen.get('fact:time-Y'));
  plan('-a', args.access_time ?? otherwise, args.access_time_format, seen.get('fact:time-X'));
  return { script: parts.join(' && ') as Script | '', differs: parts.length > 0 };
}
