// Filters that encode, hash and quote: base64, checksums, UUIDs, shell words, URLs.

import { createHash, getHashes } from 'node:crypto';
import { Bytes, type Dict, isDict, type Value } from '../../model/value.ts';
import { Fault, typeFault } from '../fault.ts';
import { decodeBytes, encodeText } from '../python/codecs.ts';
import { isIterable, iterate, unpack } from '../python/compare.ts';
import { str } from '../python/text.ts';
import { isText, typeName } from '../python/types.ts';
import { quoteUrl, splitNetloc, splitUrl, unquotePlus } from '../python/urls.ts';
import { type Bound, type FilterTable, filter, flag, refuse, text } from './define.ts';

function b64encode(input: Value, [encoding, urlsafe]: Bound): Value {
  const data = input instanceof Bytes ? Buffer.from(input.data) : encodeText(str(input), text(encoding, 'utf-8'));
  const encoded = data.toString('base64');
  return flag(urlsafe) ? encoded.replaceAll('+', '-').replaceAll('/', '_') : encoded;
}

/** The digits of base64 up to where padding ends it, and how much padding that is; anything else counts as nothing. */
function base64Digits(encoded: string): [digits: string, pads: number] {
  let digits = '';
  let pads = 0;
  for (const char of encoded.replace(/[^A-Za-z0-9+/=]/g, '')) {
    if (char !== '=') {
      digits += char;
      pads = 0;
    } else if (digits.length % 4 >= 2) {
      pads += 1;
      if ((digits.length % 4) + pads >= 4) break;
    }
  }
  return [digits, pads];
}

function b64decode(input: Value, [encoding, urlsafe]: Bound): Value {
  let encoded = str(input);
  if (flag(urlsafe)) encoded = encoded.replaceAll('-', '+').replaceAll('_', '/');
  const [bare, pads] = base64Digits(encoded);
  if (bare.length % 4 === 1)
    throw new Fault(
      'ValueError',
      `Invalid base64-encoded string: number of data characters (${bare.length}) cannot be 1 more than a multiple of 4`,
    );
  if (bare.length % 4 !== 0 && pads < 4 - (bare.length % 4)) throw new Fault('ValueError', 'Incorrect padding');
  return decodeBytes(Buffer.from(bare, 'base64'), text(encoding, 'utf-8'));
}

const DIGESTS: Readonly<Record<string, string>> = {
  blake2b: 'blake2b512',
  blake2s: 'blake2s256',
  'sha-1': 'sha1',
};

/** The hexadecimal digest of text. Throws for an algorithm that is not known. */
export function digest(algorithm: string, input: Value): string {
  const name = DIGESTS[algorithm.toLowerCase()] ?? algorithm.toLowerCase().replaceAll('_', '-');
  if (!getHashes().includes(name) && !getHashes().includes(name.toUpperCase()))
    refuse(`unsupported hash type ${algorithm}`);
  const data = input instanceof Bytes ? input.data : Buffer.from(str(input), 'utf8');
  return createHash(name).update(data).digest('hex');
}

const ANSIBLE_NAMESPACE = '361E6D51-FAEC-444A-9079-341386DA8E2E';

/** A UUID of version 5. */
export function uuid5(namespace: string, name: string): string {
  const hex = namespace.replace(/^urn:uuid:/, '').replace(/[{}-]/g, '');
  if (!/^[0-9a-fA-F]{32}$/.test(hex))
    refuse(`Invalid value '${namespace}' for 'namespace': badly formed hexadecimal UUID string`);
  const bytes = createHash('sha1').update(Buffer.from(hex, 'hex')).update(name, 'utf8').digest().subarray(0, 16);
  bytes[6] = (bytes[6]! & 0x0f) | 0x50;
  bytes[8] = (bytes[8]! & 0x3f) | 0x80;
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

/** Python's `shlex.quote`. */
export function quoteShell(word: string): string {
  if (word === '') return "''";
  return /[^\w@%+=:,./-]/.test(word) || /[^\x00-\x7f]/.test(word) ? `'${word.replaceAll("'", `'"'"'`)}'` : word;
}

function urlencode(input: Value): Value {
  if (isText(input) || !isIterable(input)) return quoteUrl(str(input));
  const query = (value: Value) => quoteUrl(str(value), '').replaceAll('%20', '+');
  const pairs = isDict(input) ? [...input] : iterate(input).map((pair) => unpack(pair, 2));
  return pairs.map(([key, value]) => `${query(key!)}=${query(value!)}`).join('&');
}

function urlsplit(input: Value, [query]: Bound): Value {
  if (!isText(input)) typeFault(`'${typeName(input)}' object has no attribute 'decode'`);
  const parts = splitUrl(str(input)) ?? refuse('Invalid IPv6 URL');
  const { username, password, hostname, port } = splitNetloc(parts.netloc);
  if (typeof port === 'string') throw new Fault('ValueError', `Port could not be cast to integer value as '${port}'`);
  if (port !== null && port > 65535) throw new Fault('ValueError', 'Port out of range 0-65535');
  const all: Dict = new Map<Value, Value>([
    ['fragment', parts.fragment],
    ['hostname', hostname],
    ['netloc', parts.netloc],
    ['password', password],
    ['path', parts.path],
    ['port', port],
    ['query', parts.query],
    ['scheme', parts.scheme],
    ['username', username],
  ]);
  const wanted = text(query);
  if (wanted === '') return all;
  return all.get(wanted) ?? (all.has(wanted) ? null : refuse(`urlsplit: unknown URL component: ${wanted}`));
}

export const encoding: FilterTable = [
  filter('b64encode', ['encoding?', 'urlsafe?'], b64encode),
  filter('b64decode', ['encoding?', 'urlsafe?'], b64decode),
  filter('hash', ['hashtype?'], (input, [type]) => digest(text(type, 'sha1'), input)),
  filter('checksum', [], (input) => digest('sha1', input)),
  filter('sha1', [], (input) => digest('sha1', input)),
  filter('md5', [], (input) => digest('md5', input)),
  filter('to_uuid', ['namespace?'], (input, [namespace]) => uuid5(text(namespace, ANSIBLE_NAMESPACE), str(input))),
  filter('quote', [], (input) => quoteShell(input === null ? '' : str(input))),
  filter('urlencode', [], urlencode),
  filter('urldecode', [], (input) =>
    isText(input) ? unquotePlus(str(input)) : typeFault(`'${typeName(input)}' object has no attribute 'replace'`),
  ),
  filter('urlsplit', ['query?'], urlsplit),
];
