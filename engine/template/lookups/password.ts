// The lookup `password`: a random password kept in a file of the controller, so that it stays the same.

import { randomInt } from 'node:crypto';
import { closeSync, constants, linkSync, mkdirSync, openSync, renameSync, unlinkSync, writeSync } from 'node:fs';
import { dirname, isAbsolute, join } from 'node:path';
import type { Value } from '../../model/value.ts';
import { Fault, typeFault } from '../fault.ts';
import { hashSecret, saltSize } from '../filters/password.ts';
import { expanduser } from '../filters/paths.ts';
import type { Env, Lookup } from '../library.ts';
import { allowText } from '../limits.ts';
import type { Declared, Options } from '../options.ts';
import { MersenneTwister } from '../python/mersenne.ts';
import { str } from '../python/text.ts';
import { isText, typeName } from '../python/types.ts';
import { keyValues } from './keyvalue.ts';
import { readBytes } from './place.ts';

const OPTIONS: Declared = {
  length: { type: 'integer', default: 20 },
  encrypt: {},
  chars: { type: 'list', default: ['ascii_letters', 'digits', '.,:-_'] },
  ident: { type: 'str' },
  seed: { type: 'str' },
};

const LETTERS = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ';
const DIGITS = '0123456789';
const PUNCTUATION = '!"#$%&\'()*+,-./:;<=>?@[\\]^_`{|}~';
const WHITESPACE = ' \t\n\r\x0b\x0c';
const SETS: Readonly<Record<string, string>> = {
  ascii_letters: LETTERS,
  ascii_lowercase: LETTERS.slice(0, 26),
  ascii_uppercase: LETTERS.slice(26),
  digits: DIGITS,
  hexdigits: '0123456789abcdefABCDEF',
  octdigits: '01234567',
  printable: DIGITS + LETTERS + PUNCTUATION + WHITESPACE,
  punctuation: PUNCTUATION,
  whitespace: WHITESPACE,
};
const SALT = `${LETTERS}0123456789./`;

interface Stored {
  readonly password: string;
  readonly salt: string | undefined;
  readonly ident: string | undefined;
}

export const password: Lookup = {
  options: OPTIONS,
  run(terms, given, env) {
    return terms.map((term) => {
      if (!isText(term)) return typeFault(`the file of a password must be named by text, not '${typeName(term)}'`);
      const [, file = '', more = ''] = /^(\S*)(?: (.*))?$/s.exec(str(term))!;
      const { rest, pairs } = keyValues(more);
      const unknown = [...pairs.keys()].filter((name) => !Object.hasOwn(OPTIONS, name));
      if (unknown.length > 0)
        throw new Fault(
          'LookupError',
          `Unrecognized parameter(s) given to password lookup: ${unknown.sort().join(', ')}`,
        );
      // In 2.19 a term's own options stand alone; of old they were laid over those of the call.
      const own = env.typing === 'classic' ? given.with(spelled(pairs)) : given.instead(spelled(pairs));
      const options = pairs.size === 0 ? given : own;
      return passwordOf(rest === '' ? file : `${file} ${rest}`, options, env);
    });
  },
};

/** Options of a term's text: in its characters `,,` is a comma. */
function spelled(pairs: ReadonlyMap<string, Value>): Map<string, Value> {
  const options = new Map(pairs);
  const chars = pairs.get('chars');
  if (chars === undefined) return options;
  const sets = str(chars).replaceAll(',,', ',').split(',');
  return options.set('chars', [...(str(chars).includes(',,') ? [','] : []), ...sets.filter((set) => set !== '')]);
}

function passwordOf(name: string, options: Options, env: Env): string {
  const file = expanduser(name);
  const path = isAbsolute(file) ? file : join(env.context.basedir, file);
  const isKept = path !== '/dev/null';
  const make = (): Stored => ({ password: random(options), salt: undefined, ident: undefined });
  const kept = isKept ? keep(path, make) : make();
  const encrypt = options.value('encrypt');
  if (encrypt === null || encrypt === false || str(encrypt) === '') return kept.password;
  const scheme = str(encrypt);
  const ident = options.text('ident');
  if (ident !== undefined && kept.ident !== undefined && ident !== kept.ident)
    throw new Fault(
      'LookupError',
      `The ident parameter provided (${ident}) does not match the stored one (${kept.ident}).`,
    );
  const salted = {
    password: kept.password,
    salt: kept.salt || chosen(Array.from(SALT), saltSize(scheme)),
    ident: ident ?? kept.ident,
  };
  if (isKept && (kept.salt === undefined || kept.salt === '')) write(path, salted, renameSync);
  return hashSecret(scheme, salted);
}

function random(options: Options): string {
  const alphabet = options
    .words('chars')
    .map((set) => (Object.hasOwn(SETS, set) ? SETS[set]! : set))
    .join('');
  const letters = Array.from(alphabet.replaceAll('"', '').replaceAll("'", ''));
  if (letters.length === 0) throw new Fault('LookupError', 'there are no characters to make a password of');
  return chosen(letters, options.number('length'), options.text('seed'));
}

/** So many of the letters; with a seed those that Python chooses for it. */
function chosen(letters: readonly string[], length: number, seed?: string): string {
  allowText(length, 'the password');
  const twister = seed === undefined ? undefined : new MersenneTwister(seed);
  let text = '';
  for (let index = 0; index < length; index++) text += twister?.choice(letters) ?? letters[randomInt(letters.length)];
  return text;
}

/** What the file holds; where it is not there, what `make` gives, which is in it then. The first to write it wins. */
function keep(path: string, make: () => Stored): Stored {
  const known = read(path);
  if (known !== undefined) return known;
  const made = make();
  const exclusively = (side: string, target: string): void => {
    try {
      linkSync(side, target);
    } finally {
      unlinkSync(side);
    }
  };
  return write(path, made, exclusively) ? made : (read(path) ?? made);
}

function read(path: string): Stored | undefined {
  let text: string;
  try {
    text = readBytes(path).toString('utf8').trimEnd();
  } catch (error) {
    if ((error as { cause?: NodeJS.ErrnoException }).cause?.code === 'ENOENT') return undefined;
    throw error;
  }
  const at = text.indexOf(' salt=');
  if (at < 0) return { password: text, salt: undefined, ident: undefined };
  const salt = text.slice(at + ' salt='.length);
  const end = salt.indexOf(' ident=');
  return {
    password: text.slice(0, at),
    salt: end < 0 ? salt : salt.slice(0, end),
    ident: end < 0 ? undefined : salt.slice(end + ' ident='.length),
  };
}

/** Written beside and brought in place, readable by nobody else; false where another was first. */
function write(path: string, stored: Stored, place: (side: string, target: string) => void): boolean {
  const { password: plain, salt, ident } = stored;
  const text = `${plain}${salt === undefined ? '' : ` salt=${salt}`}${ident === undefined ? '' : ` ident=${ident}`}`;
  try {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    const side = `${path}.${process.pid}`;
    const handle = openSync(side, constants.O_CREAT | constants.O_EXCL | constants.O_WRONLY, 0o600);
    writeSync(handle, `${text}\n`);
    closeSync(handle);
    place(side, path);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw new Fault('LookupError', `could not write the password file ${path}: ${(error as Error).message}`);
  }
}
