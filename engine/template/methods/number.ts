// Methods and attributes of int, bool and float.

import { Bytes, Float, Tuple, type Value } from '../../model/value.ts';
import { Fault, typeFault } from '../fault.ts';
import { truth } from '../python/compare.ts';
import { floatText, int, toBigInt, toNumber, truncate } from '../python/numbers.ts';
import { typeName } from '../python/types.ts';
import { joined, methods, properties } from './define.ts';

type Int = number | bigint | boolean;

function magnitude(value: Int): bigint {
  const size = toBigInt(value);
  return size < 0n ? -size : size;
}

function plain(value: Int): Value {
  return typeof value === 'boolean' ? Number(value) : value;
}

export const INT = joined(
  properties<Int>({ real: plain, imag: () => 0, numerator: plain, denominator: () => 1 }),
  methods<Int>('int', {
    bit_length: [[], (self) => (magnitude(self) === 0n ? 0 : magnitude(self).toString(2).length)],
    bit_count: [[], (self) => magnitude(self).toString(2).replaceAll('0', '').length],
    conjugate: [[], plain],
    as_integer_ratio: [[], (self) => new Tuple([plain(self), 1])],
    from_bytes: [
      ['bytes', 'byteorder?', 'signed?'],
      (_self, [bytes, order, signed]) => fromBytes(bytes!, order ?? 'big', truth(signed ?? false)),
    ],
    to_bytes: [
      ['length?', 'byteorder?', 'signed?'],
      (self, [length, order, signed]) =>
        toBytes(toBigInt(self), Number(length ?? 1), order ?? 'big', truth(signed ?? false)),
    ],
  }),
);

function checkOrder(order: Value): void {
  if (order !== 'big' && order !== 'little')
    throw new Fault('ValueError', "byteorder must be either 'little' or 'big'");
}

function fromBytes(bytes: Value, order: Value, signed: boolean): Value {
  checkOrder(order);
  if (!(bytes instanceof Bytes)) return typeFault(`cannot convert '${typeName(bytes)}' object to bytes`);
  const data = order === 'little' ? bytes.data.toReversed() : bytes.data;
  let value = 0n;
  for (const byte of data) value = (value << 8n) | BigInt(byte);
  return int(signed ? BigInt.asIntN(8 * data.length, value) : value);
}

function toBytes(value: bigint, length: number, order: Value, signed: boolean): Bytes {
  checkOrder(order);
  const range = 1n << BigInt(8 * length);
  if (value < 0n && !signed) throw new Fault('OverflowError', "can't convert negative int to unsigned");
  if (signed ? value >= range / 2n || value < -range / 2n : value >= range)
    throw new Fault('OverflowError', 'int too big to convert');
  let rest = value < 0n ? value + range : value;
  const data = new Uint8Array(length);
  for (let index = length - 1; index >= 0; index -= 1) {
    data[index] = Number(rest & 0xffn);
    rest >>= 8n;
  }
  return new Bytes(order === 'little' ? data.reverse() : data);
}

type Floating = number | Float;

export const FLOAT = joined(
  properties<Floating>({ real: (self) => self, imag: () => new Float(0) }),
  methods<Floating>('float', {
    is_integer: [[], (self) => Number.isInteger(toNumber(self))],
    conjugate: [[], (self) => self],
    as_integer_ratio: [[], (self) => ratio(toNumber(self))],
    hex: [[], (self) => hexadecimal(toNumber(self))],
  }),
);

function ratio(x: number): Value {
  let denominator = 1n;
  let rest = x;
  truncate(x);
  while (!Number.isInteger(rest)) {
    rest *= 2;
    denominator *= 2n;
  }
  return new Tuple([int(BigInt(rest)), int(denominator)]);
}

function hexadecimal(x: number): string {
  if (!Number.isFinite(x)) return floatText(x);
  const sign = x < 0 || Object.is(x, -0) ? '-' : '';
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, Math.abs(x));
  const bits = view.getBigUint64(0);
  const exponent = Number(bits >> 52n);
  const digits = (bits & 0xfffffffffffffn).toString(16).padStart(13, '0');
  if (exponent === 0 && bits === 0n) return `${sign}0x0.0p+0`;
  const power = exponent === 0 ? -1022 : exponent - 1023;
  return `${sign}0x${exponent === 0 ? 0 : 1}.${digits}p${power < 0 ? '-' : '+'}${Math.abs(power)}`;
}
