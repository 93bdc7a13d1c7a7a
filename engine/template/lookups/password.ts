// The lookup `password`: a random password kept in a file of the controller, so that it stays the same.

import { randomInt } from 'node:crypto';
import { closeSync, constants, mkdirSync, openSync, readFileSync, renameSync, writeSync } from 'node:fs';
import { dirname, isAbsolute, join } from 'node:path';
import type { Value } from '../../model/value.ts';
import { Fault } from '../fault.ts';
import { expanduser } from '../filters/paths.ts';
import type { Env, Lookup } from '../library.ts';
import { positional } from '../library.ts';
import { MersenneTwister } from '../python/mersenne.ts';
import { str } from '../python/text.ts';
import { inlineOptions, intOption, warnUnknown } from './place.ts';

const OPTIONS = ['length', 'encrypt', 'chars', 'ident', 'seed'];
const LETTERS = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ';
const SETS: Readonly<Record<string, string>> = {
  ascii_letters: LETTERS,
  ascii_lowercase: LETTERS.slice(0, 26),
  ascii_uppercase: LETTERS.slice(26),
  digits: '0123456789',
  hexdigits: '0123456789abcdefABCDEF',
  octdigits: '01234567',
  punctuation: '!"#$%&\'()*+,-./:;<=>?@[\\]^_`{|}~',
  whitespace: ' \t\n\r\x0b\x0c',
};
const SALT = `${LETTERS}0123456789./`;

interface Stored {
  readonly password: string;
  readonly salt: string | undefined;
  readonly ident: string | undefined;
}

export const password: Lookup = {
  run(terms, given, env) {
    warnUnknown(env, 'password', given, OPTIONS);
    return terms.map((term) => {
      const { word, options } = inlineOptions(term, given, OPTIONS);
      const unknown = /(?:^|\s)(\w+)=/.exec(word)?.[1];
      if (unknown !== undefined)
        throw new Fault('LookupError', `Unrecognized parameter(s) given to password lookup: ${unknown}`);
      return passwordOf(word, given, options, env);
    });
  },
};

function passwordOf(
  name: string,
  given: ReadonlyMap<string, Value>,
  options: ReadonlyMap<string, Value>,
  env: Env,
): string {
  const length = intOption(options, 'length', 20);
  const alphabet = alphabetOf(given.get('chars'), options.get('chars'));
  const seed = options.get('seed');
  const encrypt = options.get('encrypt');
  const file = expanduser(name);
  const path = isAbsolute(file) ? file : join(env.context.basedir, file);
  const kept = path === '/dev/null' ? undefined : read(path);
  const plain = kept?.password ?? make(length, alphabet, seed);
  if (encrypt === undefined || encrypt === null || str(encrypt) === '') {
    if (kept === undefined && path !== '/dev/null') write(path, plain);
    return plain;
  }
  const scheme = str(encrypt);
  const salt =
    kept?.salt ??
    make(scheme.startsWith('bcrypt') || scheme === 'blowfish' ? 22 : scheme === 'md5_crypt' ? 8 : 16, SALT, undefined);
  const ident = options.get('ident') ?? kept?.ident;
  if (kept?.salt === undefined && path !== '/dev/null')
    write(path, `${plain} salt=${salt}${ident === undefined ? '' : ` ident=${str(ident)}`}`);
  const named = new Map<string, Value>([['salt', salt]]);
  if (ident !== undefined) named.set('ident', ident);
  return str(
    env.filter('password_hash', plain, { positional: positional(scheme.replace(/_crypt$/, '')).positional, named }),
  );
}

/** The characters to choose from; an option given by its name is a list, one in the term's text has `,,` for a comma. */
function alphabetOf(listed: Value | undefined, written: Value | undefined): string {
  const chars = written ?? null;
  const wanted =
    chars === null
      ? ['ascii_letters', 'digits', '.,:-_']
      : Array.isArray(chars)
        ? chars.map(str)
        : chars === listed
          ? str(chars).split(',')
          : splitSets(str(chars));
  const alphabet = wanted.map((set) => (Object.hasOwn(SETS, set) ? SETS[set]! : set)).join('');
  if (alphabet === '') throw new Fault('LookupError', 'there are no characters to make a password of');
  return alphabet.replaceAll('"', '').replaceAll("'", '');
}

function splitSets(text: string): string[] {
  const sets = text.replaceAll(',,', ',').split(',');
  return [...(text.includes(',,') ? [','] : []), ...sets.filter((set) => set !== '')];
}

/** Random characters; with a seed those that Python chooses for it. */
function make(length: number, alphabet: string, seed: Value | undefined): string {
  const letters = Array.from(alphabet);
  const twister = seed === undefined || seed === null ? undefined : new MersenneTwister(str(seed));
  let text = '';
  for (let index = 0; index < length; index++) text += twister?.choice(letters) ?? letters[randomInt(letters.length)];
  return text;
}

function read(path: string): Stored | undefined {
  let text: string;
  try {
    text = readFileSync(path, 'utf8').trimEnd();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw new Fault('LookupError', `could not read the password file ${path}: ${(error as Error).message}`);
  }
  const match = /^(.*?)(?: salt=(\S+?))?(?: ident=(\S+))?$/s.exec(text)!;
  return { password: match[1]!, salt: match[2], ident: match[3] };
}

/** Written beside and renamed, readable by nobody else. */
function write(path: string, text: string): void {
  try {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    const side = `${path}.${process.pid}`;
    const handle = openSync(side, constants.O_CREAT | constants.O_EXCL | constants.O_WRONLY, 0o600);
    writeSync(handle, `${text}\n`);
    closeSync(handle);
    renameSync(side, path);
  } catch (error) {
    throw new Fault('LookupError', `could not write the password file ${path}: ${(error as Error).message}`);
  }
}
