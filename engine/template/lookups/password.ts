// The lookup `password`: a random password kept in a file of the controller, so that it stays the same.

import { randomInt } from 'node:crypto';
import { closeSync, constants, mkdirSync, openSync, readFileSync, renameSync, writeSync } from 'node:fs';
import { dirname, isAbsolute, join } from 'node:path';
import type { Value } from '../../model/value.ts';
import { Fault } from '../fault.ts';
import { expanduser } from '../filters/paths.ts';
import type { Env, Lookup } from '../library.ts';
import { positional } from '../library.ts';
import { str } from '../python/text.ts';
import { inlineOptions, refuseUnknown } from './place.ts';

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
    refuseUnknown('password', given, OPTIONS);
    return terms.map((term) => {
      const { word, options } = inlineOptions(term, given, OPTIONS);
      return passwordOf(word, options, env);
    });
  },
};

function passwordOf(name: string, options: ReadonlyMap<string, Value>, env: Env): string {
  const length = Number(str(options.get('length') ?? 20));
  if (!Number.isInteger(length) || length < 1)
    throw new Fault(
      'LookupError',
      `the length of a password must be a positive integer, it is '${str(options.get('length') ?? '')}'`,
    );
  const alphabet = alphabetOf(options.get('chars'));
  const seed = options.get('seed');
  const encrypt = options.get('encrypt');
  const file = expanduser(name);
  const path = isAbsolute(file) ? file : join(env.context.basedir, file);
  const kept = path === '/dev/null' ? undefined : read(path);
  const plain = kept?.password ?? make(length, alphabet, seed, env);
  if (encrypt === undefined || encrypt === null || str(encrypt) === '') {
    if (kept === undefined && path !== '/dev/null') write(path, plain);
    return plain;
  }
  const scheme = str(encrypt);
  const salt =
    kept?.salt ??
    make(
      scheme.startsWith('bcrypt') || scheme === 'blowfish' ? 22 : scheme === 'md5_crypt' ? 8 : 16,
      SALT,
      undefined,
      env,
    );
  const ident = options.get('ident') ?? kept?.ident;
  if (kept?.salt === undefined && path !== '/dev/null')
    write(path, `${plain} salt=${salt}${ident === undefined ? '' : ` ident=${str(ident)}`}`);
  const named = new Map<string, Value>([['salt', salt]]);
  if (ident !== undefined) named.set('ident', ident);
  return str(
    env.filter('password_hash', plain, { positional: positional(scheme.replace(/_crypt$/, '')).positional, named }),
  );
}

function alphabetOf(chars: Value | undefined): string {
  const wanted =
    chars === undefined || chars === null
      ? ['ascii_letters', 'digits', '.,:-_']
      : Array.isArray(chars)
        ? chars.map(str)
        : splitSets(str(chars));
  const alphabet = wanted.map((set) => SETS[set] ?? set).join('');
  if (alphabet === '') throw new Fault('LookupError', 'there are no characters to make a password of');
  return alphabet.replaceAll('"', '').replaceAll("'", '');
}

/** `digits,ascii_letters`; `,,` stands for a comma. */
function splitSets(text: string): string[] {
  const sets = text.replaceAll(',,', ',').split(',');
  return [...sets.filter((set) => set !== ''), ...(text.includes(',,') ? [','] : [])];
}

function make(length: number, alphabet: string, seed: Value | undefined, env: Env): string {
  if (seed !== undefined && seed !== null) {
    const picked: string[] = [];
    const letters: Value[] = [...alphabet];
    for (let index = 0; index < length; index++)
      picked.push(
        str(env.filter('random', letters, { positional: [], named: new Map([['seed', `${str(seed)}${index}`]]) })),
      );
    return picked.join('');
  }
  let text = '';
  for (let index = 0; index < length; index++) text += alphabet[randomInt(alphabet.length)];
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
