// The lookup `sequence`: numbers counted up or down, each in a format.

import type { Value } from '../../model/value.ts';
import { Fault } from '../fault.ts';
import type { Env, Lookup } from '../library.ts';
import { allowItems } from '../limits.ts';
import type { Declared, Options } from '../options.ts';
import { formatPercent } from '../python/percent.ts';
import { str } from '../python/text.ts';
import { isText, typeName } from '../python/types.ts';
import { keyValues } from './keyvalue.ts';

const OPTIONS: Declared = {
  start: { type: 'integer', default: 1 },
  end: { type: 'integer' },
  count: { type: 'integer' },
  stride: { type: 'integer', default: 1 },
  format: { type: 'str', default: '%d' },
};

const SHORTCUT = /^(?:(0?x?[0-9a-f]+)-)?(0?x?[0-9a-f]+)(?:\/(0?x?[0-9a-f]+))?(?::(.+))?$/i;

export const sequence: Lookup = {
  options: OPTIONS,
  run(terms, options, env) {
    // Of old a sequence was only counted for a term.
    if (terms.length === 0 && env.typing === 'modern' && options.given.size > 0) return counted(options);
    return terms.flatMap((term) => counted(options.with(wanted(term, env))));
  },
};

/** `start=1 end=5 stride=2 format=web%02d`, or `5`, `1-5`, `0x0f-0x1f/2:%02x`. */
function wanted(term: Value, env: Env): Map<string, Value> {
  if (!isText(term) && !(env.typing === 'classic' && typeof term === 'number'))
    throw new Fault(
      'LookupError',
      `unknown error parsing with_sequence arguments: ${str(term)}. Error was: expected string or bytes-like object, got '${typeName(term)}'`,
    );
  const short = SHORTCUT.exec(str(term));
  const found = new Map<string, Value>();
  const set = (key: string, value: Value | undefined): void => {
    if (value !== undefined) found.set(key, key === 'format' ? value : plainNumber(str(value), env));
  };
  if (short !== null) {
    const [, start, end, stride, format] = short;
    for (const [key, value] of Object.entries({ start, end, stride, format })) set(key, value);
    return found;
  }
  const { rest, pairs } = keyValues(str(term));
  const unknown = [...pairs.keys()].filter((key) => !Object.hasOwn(OPTIONS, key));
  if (unknown.length > 0 || rest !== '')
    throw new Fault(
      'LookupError',
      `unrecognized arguments to with_sequence: ${unknown.length > 0 ? unknown.join(', ') : rest}`,
    );
  for (const [key, value] of pairs) set(key, value);
  return found;
}

/** Hexadecimal and other numbers of C as plain ones; 2.19 has no octal ones with a leading zero any more. */
function plainNumber(text: string, env: Env): Value {
  const classic = env.typing === 'classic' && /^0[0-7]+$/.test(text);
  const digits = classic ? `0o${text.slice(1)}` : text.replace(/^x/i, '0x');
  return /^0[xob]/i.test(digits) && Number.isInteger(Number(digits)) ? Number(digits) : text;
}

function counted(options: Options): Value[] {
  const [start, stride, format] = [options.number('start'), options.number('stride'), options.text('format')!];
  const [count, last] = [options.value('count'), options.value('end')];
  if (count === null && last === null) throw new Fault('LookupError', 'must specify count or end in with_sequence');
  if (count !== null && last !== null)
    throw new Fault('LookupError', "can't specify both count and end in with_sequence");
  if (count !== null && Number(count) === 0) return [];
  // The end that a count stands for is one short of the next number, whichever way it goes.
  const end = count === null ? Number(last) : start + Number(count) * stride - 1;
  if (stride > 0 && end < start) throw new Fault('LookupError', 'to count backwards make stride negative');
  if (stride < 0 && end > start) throw new Fault('LookupError', "to count forward don't make stride negative");
  if (stride === 0) return [];
  if ((format.match(/%/g)?.length ?? 0) !== 1) throw new Fault('LookupError', `bad formatting string: ${format}`);
  const length = Math.floor((end - start) / stride) + 1;
  allowItems(length, 'the lookup sequence');
  return Array.from({ length }, (_, index) => formatted(format, start + index * stride));
}

function formatted(format: string, number: number): string {
  try {
    return formatPercent(format, number);
  } catch (error) {
    if (!(error instanceof Fault) || error.kind === 'LimitError') throw error;
    throw new Fault('LookupError', `problem formatting ${number} with '${format}'`, { cause: error });
  }
}
