// Python's random.Random: the Mersenne Twister with Python's seeding, because playbooks rely on getting the same number
// for the same `seed` (cron minutes spread over hosts, MAC addresses).

import { createHash, randomBytes } from 'node:crypto';
import { Float, type Value } from '../../model/value.ts';

const N = 624;
const M = 397;
const MASK_32 = 0xffffffffn;

/** A generator that yields what Python's `random.Random(seed)` yields. */
export class MersenneTwister {
  private readonly state = new Uint32Array(N);
  private index = N;

  /** `seed` is an int, a float, a bool or text; without one the generator is seeded by the system. */
  constructor(seed?: Value) {
    this.seedByArray(seed === undefined || seed === null ? systemKey() : wordsOf(seedNumber(seed)));
  }

  /** The next 32 bits. */
  next(): number {
    if (this.index >= N) this.twist();
    let y = this.state[this.index++]!;
    y ^= y >>> 11;
    y ^= (y << 7) & 0x9d2c5680;
    y ^= (y << 15) & 0xefc60000;
    y ^= y >>> 18;
    return y >>> 0;
  }

  /** An integer of `count` random bits (Python's `getrandbits`). */
  bits(count: number): bigint {
    let result = 0n;
    for (let shift = 0; shift < count; shift += 32) {
      const take = Math.min(32, count - shift);
      result |= BigInt(this.next() >>> (32 - take)) << BigInt(shift);
    }
    return result;
  }

  /** An integer in [0, limit). */
  below(limit: bigint): bigint {
    const count = limit.toString(2).length;
    let drawn = this.bits(count);
    while (drawn >= limit) drawn = this.bits(count);
    return drawn;
  }

  /** Python's `randrange(start, stop, step)`; undefined when the range is empty. */
  range(start: bigint, stop: bigint, step: bigint): bigint | undefined {
    const width = stop - start;
    const count = step > 0n ? (width + step - 1n) / step : (width + step + 1n) / step;
    return count <= 0n || width === 0n || width > 0n !== step > 0n ? undefined : start + step * this.below(count);
  }

  /** One of the items, which must not be empty. */
  choice<T>(items: readonly T[]): T {
    return items[Number(this.below(BigInt(items.length)))]!;
  }

  /** The items in a new, random order. */
  shuffle<T>(items: readonly T[]): T[] {
    const shuffled = [...items];
    for (let i = shuffled.length - 1; i > 0; i--) {
      const j = Number(this.below(BigInt(i + 1)));
      [shuffled[i], shuffled[j]] = [shuffled[j]!, shuffled[i]!];
    }
    return shuffled;
  }

  private seedPlain(seed: number): void {
    this.state[0] = seed;
    for (let i = 1; i < N; i++) {
      const previous = this.state[i - 1]! ^ (this.state[i - 1]! >>> 30);
      this.state[i] = Math.imul(1812433253, previous) + i;
    }
  }

  private seedByArray(key: readonly number[]): void {
    this.seedPlain(19650218);
    let i = 1;
    let j = 0;
    for (let k = Math.max(N, key.length); k > 0; k--) {
      const previous = this.state[i - 1]! ^ (this.state[i - 1]! >>> 30);
      this.state[i] = (this.state[i]! ^ Math.imul(previous, 1664525)) + key[j]! + j;
      i = this.wrap(i + 1);
      j = (j + 1) % key.length;
    }
    for (let k = N - 1; k > 0; k--) {
      const previous = this.state[i - 1]! ^ (this.state[i - 1]! >>> 30);
      this.state[i] = (this.state[i]! ^ Math.imul(previous, 1566083941)) - i;
      i = this.wrap(i + 1);
    }
    this.state[0] = 0x80000000;
    this.index = N;
  }

  private wrap(i: number): number {
    if (i < N) return i;
    this.state[0] = this.state[N - 1]!;
    return 1;
  }

  private twist(): void {
    for (let i = 0; i < N; i++) {
      const y = (this.state[i]! & 0x80000000) | (this.state[(i + 1) % N]! & 0x7fffffff);
      this.state[i] = this.state[(i + M) % N]! ^ (y >>> 1) ^ (y & 1 ? 0x9908b0df : 0);
    }
    this.index = 0;
  }
}

function systemKey(): number[] {
  const bytes = randomBytes(64);
  return Array.from({ length: 16 }, (_, i) => bytes.readUInt32LE(i * 4));
}

function seedNumber(seed: Value): bigint {
  if (typeof seed === 'bigint') return seed < 0n ? -seed : seed;
  if (typeof seed === 'boolean') return seed ? 1n : 0n;
  if (typeof seed === 'number' && Number.isInteger(seed)) return BigInt(Math.abs(seed));
  if (typeof seed === 'number') return BigInt.asUintN(64, hashOfFloat(seed));
  if (seed instanceof Float) return BigInt.asUintN(64, hashOfFloat(seed.value));
  if (typeof seed === 'string') {
    const bytes = Buffer.from(seed, 'utf8');
    const hex = Buffer.concat([bytes, createHash('sha512').update(bytes).digest()]).toString('hex');
    return BigInt(`0x${hex}`);
  }
  throw new TypeError('The only supported seed types are: None, int, float, str, bytes, and bytearray.');
}

function wordsOf(seed: bigint): number[] {
  const words: number[] = [];
  for (let rest = seed; rest > 0n; rest >>= 32n) words.push(Number(rest & MASK_32));
  return words.length === 0 ? [0] : words;
}

/** Python's `hash()` of a float: its exact ratio modulo 2^61 - 1 (for nan Python's is another each time). */
export function hashOfFloat(x: number): bigint {
  if (!Number.isFinite(x)) return Number.isNaN(x) ? 0n : x > 0 ? 314159n : -314159n;
  const modulus = (1n << 61n) - 1n;
  let mantissa = Math.abs(x);
  let exponent = 0;
  while (!Number.isInteger(mantissa)) {
    mantissa *= 2;
    exponent += 1;
  }
  const inverse = exponent === 0 ? 1n : 1n << BigInt(61 - (exponent % 61));
  const hash = ((BigInt(mantissa) % modulus) * (inverse % modulus)) % modulus;
  const signed = x < 0 ? -hash : hash;
  return signed === -1n ? -2n : signed;
}
