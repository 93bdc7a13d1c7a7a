// The order in which Python's sets hold numbers. It follows from their hashes and is the same in every run, so results of
// set theory show it; text is hashed anew in every run, and sets with anything but numbers keep the order of insertion.

import { Float, type Value } from '../../model/value.ts';
import { hashKey } from './compare.ts';
import { hashOfFloat } from './mersenne.ts';
import { isNumeric } from './numbers.ts';

const LEAST = 8;
const NEIGHBOURS = 9;
const MODULUS = (1n << 61n) - 1n;
const WORD = (1n << 64n) - 1n;

interface Entry {
  readonly key: unknown;
  readonly value: Value;
  readonly hash: bigint;
}

/** A place of the table: what is in it, or was (`gone`). */
type Place = Entry | 'gone' | undefined;

/** A hash table laid out as CPython's sets are. Values that are no numbers have no place of their own: see `ordered`. */
export class PythonSet {
  private table: Place[] = new Array<Place>(LEAST).fill(undefined);
  private filled = 0;
  private readonly members = new Map<unknown, Value>();
  private ordered = true;

  /** The set of the values. Throws a TypeError fault for what cannot be hashed. */
  static of(values: Iterable<Value>): PythonSet {
    const set = new PythonSet();
    for (const value of values) set.add(value);
    return set;
  }

  get size(): number {
    return this.members.size;
  }

  has(value: Value): boolean {
    return this.members.has(hashKey(value));
  }

  /** The members in the order of the table, or of insertion where they are not all numbers. */
  values(): Value[] {
    if (!this.ordered) return [...this.members.values()];
    return this.entries().map(({ value }) => value);
  }

  union(other: PythonSet): PythonSet {
    const all = this.copy();
    all.merge(other);
    return all;
  }

  intersection(other: PythonSet): PythonSet {
    const [small, large] = other.size > this.size ? [this, other] : [other, this];
    return PythonSet.of(small.values().filter((value) => large.has(value)));
  }

  difference(other: PythonSet): PythonSet {
    if (this.size >> 2 <= other.size) return PythonSet.of(this.values().filter((value) => !other.has(value)));
    const rest = this.copy();
    for (const value of other.values()) rest.remove(value);
    return rest;
  }

  symmetricDifference(other: PythonSet): PythonSet {
    if (!this.ordered || !other.ordered) return this.difference(other).union(other.difference(this));
    const odd = other.copy();
    for (const value of this.values()) if (!odd.remove(value)) odd.add(value);
    return odd;
  }

  isSubsetOf(other: PythonSet): boolean {
    return [...this.members.keys()].every((key) => other.members.has(key));
  }

  private add(value: Value): void {
    const key = hashKey(value);
    if (this.members.has(key)) return;
    this.members.set(key, value);
    const hash = this.ordered ? hashOf(value) : undefined;
    if (hash === undefined) {
      this.ordered = false;
      return;
    }
    this.table[place(this.table, hash)] = { key, value, hash };
    this.filled += 1;
    if (this.filled * 5 >= (this.table.length - 1) * 3)
      this.resize(this.members.size > 50_000 ? this.members.size * 2 : this.members.size * 4);
  }

  private remove(value: Value): boolean {
    const key = hashKey(value);
    if (!this.members.delete(key)) return false;
    const at = this.table.findIndex((found) => found !== undefined && found !== 'gone' && found.key === key);
    if (at >= 0) this.table[at] = 'gone';
    return true;
  }

  private copy(): PythonSet {
    const copied = new PythonSet();
    copied.merge(this);
    return copied;
  }

  private merge(other: PythonSet): void {
    if (!this.ordered || !other.ordered) {
      for (const value of other.values()) this.add(value);
      return;
    }
    if ((this.filled + other.size) * 5 >= (this.table.length - 1) * 3) this.resize((this.size + other.size) * 2);
    const fresh = this.filled === 0;
    if (fresh && this.table.length === other.table.length && other.filled === other.size) {
      this.table = [...other.table];
      this.filled = other.filled;
      for (const { key, value } of other.entries()) this.members.set(key, value);
      return;
    }
    for (const value of other.values()) this.add(value);
  }

  private resize(wanted: number): void {
    let length = LEAST;
    while (length <= wanted) length *= 2;
    const entries = this.entries();
    this.table = new Array<Place>(length).fill(undefined);
    this.filled = entries.length;
    for (const entry of entries) this.table[place(this.table, entry.hash)] = entry;
  }

  private entries(): Entry[] {
    return this.table.filter((found): found is Entry => found !== undefined && found !== 'gone');
  }
}

/** The first free place on the way that a hash takes through the table. */
function place(table: readonly Place[], hash: bigint): number {
  const mask = table.length - 1;
  let perturb = BigInt.asUintN(64, hash);
  let at = Number(perturb & BigInt(mask));
  for (;;) {
    const last = at + NEIGHBOURS <= mask ? at + NEIGHBOURS : at;
    for (let near = at; near <= last; near++) if (table[near] === undefined) return near;
    perturb >>= 5n;
    at = Number((BigInt(at) * 5n + 1n + perturb) & WORD & BigInt(mask));
  }
}

/** Python's `hash()` of a number; undefined for anything else. */
function hashOf(value: Value): bigint | undefined {
  if (!isNumeric(value)) return undefined;
  if (typeof value === 'boolean') return value ? 1n : 0n;
  if (value instanceof Float || (typeof value === 'number' && !Number.isInteger(value)))
    return hashOfFloat(value instanceof Float ? value.value : value);
  const whole = BigInt(value);
  const hash = whole < 0n ? -(-whole % MODULUS) : whole % MODULUS;
  return hash === -1n ? -2n : hash;
}
