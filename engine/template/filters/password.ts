// `password_hash`: crypt(3) hashes as passlib makes them, with passlib's defaults and limits.

import { pbkdf2Sync, randomBytes } from 'node:crypto';
import bcrypt from 'bcryptjs';
import type { Value } from '../../model/value.ts';
import { Fault } from '../fault.ts';
import { parseInteger } from '../python/numbers.ts';
import { md5Crypt, shaCrypt } from '../python/shacrypt.ts';
import { str } from '../python/text.ts';
import { isText, typeName } from '../python/types.ts';
import { type Bound, type FilterTable, filter, refuse, text } from './define.ts';

/** Longest salt that is made, in characters; a scheme may take fewer. */
const MOST_SALT = 1024;
const SALT_CHARACTERS = './0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const BCRYPT_ALPHABET = './ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';

interface Scheme {
  readonly name: string;
  readonly saltSize: number;
  readonly rounds: Rounds | undefined;
  hash(password: string, salt: string, rounds: number, ident: string): string;
}

/** How often a scheme hashes; more than are `feasible` would take the run with them. */
interface Rounds {
  readonly standard: number;
  readonly least: number;
  readonly most: number;
  readonly feasible: number;
}

const SHA_LIMITS = { least: 1000, most: 999_999_999, feasible: 10_000_000 };

const SHA512: Scheme = {
  name: 'sha512_crypt',
  saltSize: 16,
  rounds: { standard: 656_000, ...SHA_LIMITS },
  hash: (password, salt, rounds) => shaCrypt('sha512', password, salt, rounds),
};
const SHA256: Scheme = {
  name: 'sha256_crypt',
  saltSize: 16,
  rounds: { standard: 535_000, ...SHA_LIMITS },
  hash: (password, salt, rounds) => shaCrypt('sha256', password, salt, rounds),
};
const MD5: Scheme = { name: 'md5_crypt', saltSize: 8, rounds: undefined, hash: md5Crypt };
const BCRYPT: Scheme = {
  name: 'bcrypt',
  saltSize: 22,
  rounds: { standard: 12, least: 4, most: 31, feasible: 18 },
  hash: hashBcrypt,
};

const SCHEMES: Readonly<Record<string, Scheme>> = {
  sha512: SHA512,
  sha512_crypt: SHA512,
  sha256: SHA256,
  sha256_crypt: SHA256,
  md5: MD5,
  md5_crypt: MD5,
  blowfish: BCRYPT,
  bcrypt: BCRYPT,
};

function hashBcrypt(password: string, salt: string, rounds: number, ident: string): string {
  if (ident === '2') refuse("password_hash: the ident '2' of bcrypt is not supported; use '2b'");
  if (!['2a', '2b', '2y'].includes(ident)) refuse(`Could not hash the secret: invalid ident: '${ident}'`);
  const hash = bcrypt.hashSync(password, `$2b$${String(rounds).padStart(2, '0')}$${salt}`);
  return `$${ident}${hash.slice(3)}`;
}

function checkSalt(salt: string, scheme: Scheme): string {
  if ([...salt].some((char) => !SALT_CHARACTERS.includes(char)))
    refuse(`Could not hash the secret: invalid characters in ${scheme.name} salt`);
  if (scheme !== BCRYPT) {
    if (salt.length > scheme.saltSize)
      refuse(`Could not hash the secret: salt too large (${scheme.name} requires <= ${scheme.saltSize} chars)`);
    return salt;
  }
  if (salt.length !== scheme.saltSize)
    refuse(`Could not hash the secret: bcrypt requires a salt of ${scheme.saltSize} chars`);
  // The last character carries two bits only; the rest of it is dropped, as passlib does.
  const last = BCRYPT_ALPHABET.indexOf(salt[salt.length - 1]!) & 0b110000;
  return salt.slice(0, -1) + BCRYPT_ALPHABET[last];
}

function freshSalt(scheme: Scheme, size: number): string {
  if (!(size >= 0 && size <= MOST_SALT))
    refuse(`Could not hash the secret: a salt of ${size} characters cannot be made`);
  const alphabet = scheme === BCRYPT ? BCRYPT_ALPHABET : SALT_CHARACTERS;
  return [...randomBytes(size)].map((byte) => alphabet[byte & 63]).join('');
}

function roundsOf(value: Value | undefined, scheme: Scheme): number {
  if (value === undefined || value === null) return scheme.rounds?.standard ?? 0;
  const rounds = Number(
    parseInteger(str(value)) ?? refuse(`Could not hash the secret: rounds must be an integer, not ${str(value)}`),
  );
  if (scheme.rounds === undefined) throw new Fault('TypeError', `${scheme.name} takes no rounds`);
  const { least, most, feasible } = scheme.rounds;
  const wrong = `Could not hash the secret: ${scheme.name}: min_desired_rounds (${rounds}) is too`;
  if (rounds < least) refuse(`${wrong} low, must be at least ${least}`);
  if (rounds > most) refuse(`${wrong} large, cannot be more than ${most}`);
  if (rounds > feasible)
    throw new Fault(
      'LimitError',
      `password_hash: ${rounds} rounds of ${scheme.name} would take too long; ${feasible} are allowed`,
    );
  return rounds;
}

function passwordHash(input: Value, [type, salt, saltSize, rounds, ident]: Bound): Value {
  const kind = text(type, 'sha512');
  const scheme = Object.hasOwn(SCHEMES, kind) ? SCHEMES[kind] : undefined;
  if (scheme === undefined)
    refuse(`${kind} is not in the list of supported passlib algorithms: md5, blowfish, sha256, sha512`);
  if (!isText(input)) throw new Fault('TypeError', `secret must be unicode or bytes, not ${typeName(input)}`);
  const count = roundsOf(rounds, scheme);
  const given = text(salt);
  const size = saltSize === undefined || saltSize === null ? scheme.saltSize : Number(saltSize);
  const chosen = checkSalt(given === '' ? freshSalt(scheme, size) : given, scheme);
  const password = str(input);
  if (password.includes('\0')) refuse('Could not hash the secret: the password must not contain NULL bytes');
  return scheme.hash(password, chosen, count, text(ident, '2b'));
}

/** Schemes that only the lookup `password` knows beside those of the filter: passlib's PBKDF2 family. */
const STORED: Readonly<Record<string, Scheme>> = {
  ...Object.fromEntries(Object.values(SCHEMES).map((scheme) => [scheme.name, scheme])),
  ...SCHEMES,
  pbkdf2_sha1: pbkdf2('sha1', 131_000, 20),
  pbkdf2_sha256: pbkdf2('sha256', 29_000, 32),
  pbkdf2_sha512: pbkdf2('sha512', 25_000, 64),
};

function pbkdf2(digest: string, standard: number, size: number): Scheme {
  const encoded = (bytes: Buffer): string => bytes.toString('base64').replaceAll('+', '.').replace(/=+$/, '');
  return {
    name: `pbkdf2_${digest}`,
    saltSize: 8,
    rounds: { standard, least: 1, most: 2 ** 32 - 1, feasible: 10_000_000 },
    hash(password, salt, rounds) {
      const sum = pbkdf2Sync(password, salt, rounds, size, digest);
      const prefix = digest === 'sha1' ? '$pbkdf2$' : `$pbkdf2-${digest}$`;
      return `${prefix}${rounds}$${encoded(Buffer.from(salt))}$${encoded(sum)}`;
    },
  };
}

function storedScheme(name: string): Scheme {
  const scheme = Object.hasOwn(STORED, name) ? STORED[name] : undefined;
  return (
    scheme ?? refuse(`there is no support for the '${name}' algorithm; there is: ${Object.keys(STORED).join(', ')}`)
  );
}

/** Characters of a salt that passlib makes for the scheme. Throws a Fault for a scheme that is not there. */
export function saltSize(scheme: string): number {
  return storedScheme(scheme).saltSize;
}

/** The hash of a stored password by the scheme's name in passlib, with its standard rounds. */
export function hashSecret(
  scheme: string,
  { password, salt, ident }: { password: string; salt: string; ident: string | undefined },
): string {
  const found = storedScheme(scheme);
  return found.hash(password, checkSalt(salt, found), found.rounds?.standard ?? 0, ident ?? '2b');
}

export const passwords: FilterTable = [
  filter('password_hash', ['hashtype?', 'salt?', 'salt_size?', 'rounds?', 'ident?'], passwordHash),
];
