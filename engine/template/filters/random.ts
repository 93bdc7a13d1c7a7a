// random, shuffle and random_mac: with a seed the same as Python's.

import { isDict, type Value } from '../../model/value.ts';
import { Fault } from '../fault.ts';
import { isIterable, iterate, truth } from '../python/compare.ts';
import { MersenneTwister } from '../python/mersenne.ts';
import { int, isInt } from '../python/numbers.ts';
import { str } from '../python/text.ts';
import { isText, typeName } from '../python/types.ts';
import { type Bound, type FilterTable, filter, refuse } from './define.ts';

function generator(seed: Value | undefined): MersenneTwister {
  try {
    return new MersenneTwister(seed);
  } catch (cause) {
    throw new Fault('TypeError', (cause as Error).message, { cause });
  }
}

function random(input: Value, [start, step, seed]: Bound): Value {
  const twister = generator(seed);
  if (isInt(input) || typeof input === 'boolean') {
    const by = step === undefined || step === null || step === 0 ? 1n : wholeOf(step);
    const drawn = twister.range(start === undefined || start === null ? 0n : wholeOf(start), BigInt(input), by);
    return drawn === undefined ? refuse(`empty range for randrange() (${str(start ?? 0)}, ${str(input)})`) : int(drawn);
  }
  if (!isIterable(input)) refuse('random can only be used on sequences and integers');
  if (start !== undefined && start !== null) refuse('start and step can only be used with integer values');
  if (step !== undefined && step !== null) refuse('start and step can only be used with integer values');
  if (isDict(input)) throw new Fault('KeyError', 'random needs a list, not a dict');
  const items = iterate(input);
  return items.length === 0 ? refuse('Cannot choose from an empty sequence') : twister.choice(items);
}

function wholeOf(value: Value): bigint {
  if (!isInt(value)) throw new Fault('TypeError', `'${typeName(value)}' object cannot be interpreted as an integer`);
  return BigInt(value);
}

function shuffle(input: Value, [seed]: Bound): Value {
  if (!isIterable(input)) return input;
  return generator(seed !== undefined && truth(seed) ? seed : undefined).shuffle(iterate(input));
}

const LOW = 0x1000000000n;
const HIGH = 0xffffffffffn;

function randomMac(input: Value, [seed]: Bound): Value {
  if (!isText(input)) refuse(`Invalid value type (${typeName(input)}) for random_mac (${str(input)})`);
  const prefix = str(input).toLowerCase();
  const parts = prefix.split(':');
  const given = parts.filter((part) => part !== '');
  if (given.length < parts.length) refuse(`Invalid value (${str(input)}) for random_mac: empty item`);
  if (given.length > 5) refuse(`Invalid value (${str(input)}) for random_mac: 5 colon(:) separated items max`);
  const wrong = given.find((part) => !/^[a-f0-9]{2}$/.test(part));
  if (wrong !== undefined) refuse(`Invalid value (${str(input)}) for random_mac: ${wrong} not hexa byte`);
  const drawn = generator(seed).range(LOW, HIGH + 1n, 1n)!;
  const digits = drawn.toString(16).slice(0, 2 * (6 - given.length));
  return [...given, ...digits.match(/../g)!].join(':');
}

export const randomness: FilterTable = [
  filter('random', ['start?', 'step?', 'seed?'], random, { keepsTrust: true }),
  filter('shuffle', ['seed?'], shuffle, { keepsTrust: true }),
];

/** community.general's. */
export const macs: FilterTable = [filter('random_mac', ['seed?'], randomMac)];
