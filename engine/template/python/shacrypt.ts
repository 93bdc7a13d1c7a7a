// The crypt(3) schemes of /etc/shadow: SHA-256 and SHA-512 ($5$, $6$) and MD5 ($1$), as Ulrich Drepper's and Poul-Henning
// Kamp's descriptions define them; Node has no crypt of its own.

import * as crypto from 'node:crypto';

const ALPHABET = './0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

interface ShaScheme {
  readonly algorithm: 'sha256' | 'sha512';
  readonly size: number;
  readonly prefix: string;
  /** Byte triples of the digest in the order in which they are written, most significant first; -1 is no byte. */
  readonly order: readonly (readonly [number, number, number, number])[];
}

const SHA256: ShaScheme = {
  algorithm: 'sha256',
  size: 32,
  prefix: '$5$',
  order: [...rotated([0, 10, 20], 10, 2), [-1, 31, 30, 3]],
};
const SHA512: ShaScheme = {
  algorithm: 'sha512',
  size: 64,
  prefix: '$6$',
  order: [...rotated([0, 21, 42], 21, 1), [-1, -1, 63, 2]],
};

/** The triples that arise when each is the one before plus one, rotated left by `shift`. */
function rotated(start: readonly [number, number, number], count: number, shift: number) {
  return Array.from({ length: count }, (_, i) => {
    const triple = start.map((index) => index + i);
    const turn = (i * shift) % 3;
    return [triple[turn]!, triple[(turn + 1) % 3]!, triple[(turn + 2) % 3]!, 4] as const;
  });
}

type Digest = (data: Buffer) => Buffer;

function digester(algorithm: string): Digest {
  const oneShot = (crypto as { hash?: (algorithm: string, data: Buffer, encoding: 'buffer') => Buffer }).hash;
  if (oneShot !== undefined) return (data) => oneShot(algorithm, data, 'buffer');
  return (data) => crypto.createHash(algorithm).update(data).digest();
}

/** Hashes a password as glibc's crypt does for `$5$` (sha256) or `$6$` (sha512); the salt holds at most 16 characters. */
export function shaCrypt(kind: 'sha256' | 'sha512', password: string, salt: string, rounds: number): string {
  const scheme = kind === 'sha256' ? SHA256 : SHA512;
  const digest = digester(scheme.algorithm);
  const key = Buffer.from(password, 'utf8');
  const saltBytes = Buffer.from(salt.slice(0, 16), 'utf8');

  const alternate = digest(Buffer.concat([key, saltBytes, key]));
  const parts: Buffer[] = [key, saltBytes, repeated(alternate, key.length)];
  for (let length = key.length; length > 0; length >>>= 1) parts.push(length & 1 ? alternate : key);
  let current = digest(Buffer.concat(parts));

  const p = repeated(digest(repeated(key, key.length * key.length)), key.length);
  const s = repeated(digest(repeated(saltBytes, saltBytes.length * (16 + current[0]!))), saltBytes.length);
  for (let round = 0; round < rounds; round++) {
    const odd = (round & 1) === 1;
    const pieces = [odd ? p : current];
    if (round % 3 !== 0) pieces.push(s);
    if (round % 7 !== 0) pieces.push(p);
    pieces.push(odd ? current : p);
    current = digest(Buffer.concat(pieces));
  }
  const written = rounds === 5000 ? '' : `rounds=${rounds}$`;
  return `${scheme.prefix}${written}${salt.slice(0, 16)}$${encoded(current, scheme.order)}`;
}

/** Hashes a password as crypt's MD5 scheme (`$1$`) does; the salt holds at most 8 characters. */
export function md5Crypt(password: string, salt: string): string {
  const digest = digester('md5');
  const key = Buffer.from(password, 'utf8');
  const saltBytes = Buffer.from(salt.slice(0, 8), 'utf8');
  const alternate = digest(Buffer.concat([key, saltBytes, key]));
  const parts: Buffer[] = [key, Buffer.from('$1$'), saltBytes, repeated(alternate, key.length)];
  const zero = Buffer.from([0]);
  for (let length = key.length; length > 0; length >>>= 1) parts.push(length & 1 ? zero : key.subarray(0, 1));
  let current = digest(Buffer.concat(parts));
  for (let round = 0; round < 1000; round++) {
    const odd = (round & 1) === 1;
    const pieces = [odd ? key : current];
    if (round % 3 !== 0) pieces.push(saltBytes);
    if (round % 7 !== 0) pieces.push(key);
    pieces.push(odd ? current : key);
    current = digest(Buffer.concat(pieces));
  }
  const order = [
    [0, 6, 12, 4],
    [1, 7, 13, 4],
    [2, 8, 14, 4],
    [3, 9, 15, 4],
    [4, 10, 5, 4],
    [-1, -1, 11, 2],
  ] as const;
  return `$1$${salt.slice(0, 8)}$${encoded(current, order)}`;
}

function repeated(block: Buffer, length: number): Buffer {
  const out = Buffer.alloc(length);
  for (let at = 0; at < length; at += block.length) block.copy(out, at, 0, Math.min(block.length, length - at));
  return out;
}

function encoded(bytes: Buffer, order: readonly (readonly [number, number, number, number])[]): string {
  let text = '';
  for (const [high, middle, low, count] of order) {
    let word = (byteAt(bytes, high) << 16) | (byteAt(bytes, middle) << 8) | byteAt(bytes, low);
    for (let i = 0; i < count; i++) {
      text += ALPHABET[word & 63];
      word >>>= 6;
    }
  }
  return text;
}

function byteAt(bytes: Buffer, index: number): number {
  return index < 0 ? 0 : bytes[index]!;
}
