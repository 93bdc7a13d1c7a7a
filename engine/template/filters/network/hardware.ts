// hwaddr and macaddr: MAC addresses in their several notations.

import type { Value } from '../../../model/value.ts';
import { int, isInt } from '../../python/numbers.ts';
import { str } from '../../python/text.ts';
import { isText } from '../../python/types.ts';
import { type Bound, type FilterTable, filter, refuse, text } from '../define.ts';

export interface Mac {
  readonly value: bigint;
  /** 48 or 64. */
  readonly bits: number;
}

const NOTATIONS = [
  /^(?:[0-9a-f]{1,2}[:-]){5}[0-9a-f]{1,2}$/,
  /^(?:[0-9a-f]{1,2}[:-]){7}[0-9a-f]{1,2}$/,
  /^(?:[0-9a-f]{1,4}[.:-]){2}[0-9a-f]{1,4}$/,
  /^(?:[0-9a-f]{1,4}[.:-]){3}[0-9a-f]{1,4}$/,
  /^[0-9a-f]{5,6}[:-][0-9a-f]{5,6}$/,
  /^[0-9a-f]{11,12}$/,
  /^[0-9a-f]{16}$/,
];

/** Reads a hardware address in any notation; undefined for what is none. */
export function readMac(written: string): Mac | undefined {
  const plain = written.toLowerCase();
  const notation = NOTATIONS.findIndex((each) => each.test(plain));
  if (notation < 0) return undefined;
  const widths = [2, 2, 4, 4, 6, 12, 16];
  const digits = plain
    .split(/[.:-]/)
    .map((part) => part.padStart(widths[notation]!, '0'))
    .join('');
  return { value: BigInt(`0x${digits}`), bits: digits.length * 4 };
}

const FORMS: Readonly<Record<string, (digits: string) => string>> = {
  bare: (digits) => digits.toUpperCase(),
  cisco: (digits) => digits.match(/.{4}/g)!.join('.'),
  eui48: (digits) => digits.match(/../g)!.join('-').toUpperCase(),
  linux: (digits) => digits.match(/../g)!.join(':'),
  pgsql: (digits) => digits.match(/.{6}/g)!.join(':'),
  postgresql: (digits) => digits.match(/.{6}/g)!.join(':'),
  psql: (digits) => digits.match(/.{6}/g)!.join(':'),
  unix: (digits) =>
    digits
      .match(/../g)!
      .map((byte) => byte.replace(/^0/, ''))
      .join(':'),
  win: (digits) => digits.match(/../g)!.join('-').toUpperCase(),
};

function hardware(name: string) {
  return (input: Value, [query]: Bound): Value => {
    const asked = text(query);
    const mac = isText(input) || isInt(input) ? readAny(input) : undefined;
    if (mac === undefined)
      return asked === '' || asked === 'bool' ? null : refuse(`${name}: not a hardware address: ${str(input)}`);
    if (asked === '') return str(input);
    if (asked === 'bool') return true;
    if (asked === 'int') return int(mac.value);
    const form = Object.hasOwn(FORMS, asked) ? FORMS[asked]! : refuse(`${name}: unknown filter type: ${asked}`);
    if (mac.bits > 48) refuse(`${name}: '${asked}' takes addresses of 48 bits only`);
    return form(mac.value.toString(16).padStart(12, '0'));
  };
}

function readAny(input: Value): Mac | undefined {
  if (isInt(input)) return { value: BigInt(input), bits: 48 };
  return readMac(str(input)) ?? (/^\d+$/.test(str(input)) ? { value: BigInt(str(input)), bits: 48 } : undefined);
}

export const hardwareFilters: FilterTable = [
  filter('hwaddr', ['query?', 'alias?'], hardware('hwaddr')),
  filter('macaddr', ['query?'], hardware('macaddr')),
];
