// The global `now`.

import type { Value } from '../../model/value.ts';
import { bind, type CallArgs, type Signature } from '../library.ts';
import { truth } from '../python/compare.ts';
import { currentDateTime, formatSeconds } from '../python/datetime.ts';
import { str } from '../python/text.ts';

const NOW: Signature = ['utc?', 'fmt?'];

/** `now(utc=False, fmt=None)`: the time, as a datetime or formatted. */
export function now(args: CallArgs): Value {
  const [utc, format] = bind('now', args, NOW);
  const inUtc = truth(utc ?? false);
  if (format === undefined || format === null || str(format) === '') return currentDateTime(inUtc);
  return formatSeconds(str(format), Date.now() / 1000, inUtc);
}
