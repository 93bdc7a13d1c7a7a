// The lookup `random_string` of community.general: characters of several kinds, of some at least so many.

import { randomInt } from 'node:crypto';
import { Fault } from '../fault.ts';
import type { Lookup } from '../library.ts';
import { allowText } from '../limits.ts';
import type { Declared } from '../options.ts';

const LOWER = 'abcdefghijklmnopqrstuvwxyz';
const DIGITS = '0123456789';
const SPECIAL = '!"#$%&\'()*+,-./:;<=>?@[\\]^_`{|}~';
/** The option that asks for a kind of characters, the one that demands some, and the characters. */
const KINDS = [
  ['lower', 'min_lower', LOWER],
  ['upper', 'min_upper', LOWER.toUpperCase()],
  ['numbers', 'min_numeric', DIGITS],
  ['special', 'min_special', SPECIAL],
] as const;
const STRING_OPTIONS: Declared = {
  ...Object.fromEntries(KINDS.map(([wanted]) => [wanted, { type: 'bool', default: true }])),
  ...Object.fromEntries(KINDS.map(([, least]) => [least, { type: 'int', default: 0 }])),
  length: { type: 'int', default: 8 },
  base64: { type: 'bool', default: false },
  ignore_similar_chars: { type: 'bool', default: false },
  similar_chars: { type: 'str', default: 'il1LoO0' },
  override_all: { type: 'str' },
  override_special: { type: 'str' },
};

export const randomString: Lookup = {
  options: STRING_OPTIONS,
  run(_terms, options) {
    const similar = options.flag('ignore_similar_chars') ? options.text('similar_chars')! : '';
    const usable = (chars: string) => Array.from(chars).filter((char) => !similar.includes(char));
    const overriding = options.text('override_all');
    const chosen: string[] = [];
    const pool: string[] = Array.from(overriding ?? '');
    const length = options.number('length');
    allowText(length, 'the lookup random_string');
    for (const [wanted, least, chars] of KINDS) {
      const own = usable(wanted === 'special' ? (options.text('override_special') ?? chars) : chars);
      if (overriding === undefined && options.flag(wanted)) pool.push(...own);
      allowText(options.number(least), 'the lookup random_string');
      for (let left = options.number(least); left > 0; left--) chosen.push(pickOne(own));
    }
    if (pool.length === 0)
      throw new Fault('LookupError', 'Available characters cannot be None, please change constraints');
    while (chosen.length < length) chosen.push(pickOne(pool));
    for (let at = chosen.length - 1; at > 0; at--) {
      const other = randomInt(at + 1);
      [chosen[at], chosen[other]] = [chosen[other]!, chosen[at]!];
    }
    const made = chosen.join('');
    return [options.flag('base64') ? Buffer.from(made).toString('base64') : made];
  },
};

function pickOne(chars: readonly string[]): string {
  return chars[randomInt(chars.length)]!;
}
