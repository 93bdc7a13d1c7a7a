// strftime and to_datetime.

import type { Value } from '../../model/value.ts';
import { Fault } from '../fault.ts';
import { formatSeconds, readDateTime } from '../python/datetime.ts';
import { isNumeric, parseFloating, toNumber } from '../python/numbers.ts';
import { str } from '../python/text.ts';
import { isText, typeName } from '../python/types.ts';
import { type Bound, type FilterTable, filter, flag, refuse, text } from './define.ts';

function strftime(input: Value, [second, utc]: Bound): Value {
  if (!isText(input)) throw new Fault('TypeError', `strftime() argument 1 must be str, not ${typeName(input)}`);
  let seconds = Date.now() / 1000;
  if (second !== undefined && second !== null) {
    const number = isText(second) ? parseFloating(str(second)) : isNumeric(second) ? second : undefined;
    seconds = number === undefined ? refuse(`Invalid value for epoch value (${str(second)})`) : toNumber(number);
  }
  return formatSeconds(str(input), seconds, flag(utc));
}

function toDatetime(input: Value, [format]: Bound): Value {
  if (!isText(input)) throw new Fault('TypeError', 'strptime() argument 1 must be str');
  return readDateTime(str(input), text(format, '%Y-%m-%d %H:%M:%S'));
}

export const time: FilterTable = [
  filter('strftime', ['second?', 'utc?'], strftime),
  filter('to_datetime', ['format?'], toDatetime),
];
