// community.general's hashids_encode and hashids_decode.

import Hashids from 'hashids';
import { isDict, type Value } from '../../model/value.ts';
import { Fault } from '../fault.ts';
import { isIterable, iterate } from '../python/compare.ts';
import { int, isInt } from '../python/numbers.ts';
import { str } from '../python/text.ts';
import { isText } from '../python/types.ts';
import { type Bound, type FilterTable, filter, intArgument, refuse } from './define.ts';

const ALPHABET = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ1234567890';

/** Longest hash; a longer one takes its square in time. */
const LONGEST = 100_000;

function coder([salt, alphabet, minLength]: Bound): Hashids {
  const words = (value: Value | undefined, fallback: string, name: string): string => {
    if (value === undefined || value === null) return fallback;
    return isText(value) ? str(value) : refuse(`The provided parameter ${name} is invalid: ${str(value)}`);
  };
  const signs = [...new Set(words(alphabet, ALPHABET, 'alphabet'))].join('');
  if (signs.length < 16) refuse('Alphabet must contain at least 16 unique characters.');
  const least = minLength === undefined || minLength === null ? 0 : Math.max(0, intArgument(minLength, 'min_length'));
  if (least > LONGEST)
    throw new Fault('LimitError', `hashids would make a hash of ${least} characters; ${LONGEST} are allowed`);
  return new Hashids(words(salt, '', 'salt'), least, signs);
}

function encode(input: Value, args: Bound): Value {
  const hashids = coder(args);
  const numbers = isText(input) || isDict(input) || !isIterable(input) ? [input] : iterate(input);
  if (numbers.some((each) => each === null || (!isText(each) && isIterable(each))))
    refuse('Data to encode must by a tuple or list of ints');
  // What is no whole number, or a negative one, has no hash.
  if (numbers.length === 0 || !numbers.every((each) => isInt(each) && each >= 0)) return '';
  return hashids.encode(numbers as (number | bigint)[]);
}

function decode(input: Value, args: Bound): Value {
  const hashids = coder(args);
  if (!isText(input)) return [];
  try {
    return hashids.decode(str(input)).map((number) => int(BigInt(number)));
  } catch {
    // A character that is not of the alphabet.
    return [];
  }
}

const PARAMETERS = ['salt?', 'alphabet?', 'min_length?'];

export const hashids: FilterTable = [
  filter('hashids_encode', PARAMETERS, encode),
  filter('hashids_decode', PARAMETERS, decode),
];
