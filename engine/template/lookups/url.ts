// The lookup `url`: a page's text, fetched by the controller.

import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { float, type Value } from '../../model/value.ts';
import type { PageAnswer, PageRequest } from '../contract.ts';
import { Fault } from '../fault.ts';
import type { Lookup } from '../library.ts';
import type { Declared, Option, Options, OptionType } from '../options.ts';
import { decodeBytes } from '../python/codecs.ts';
import { str } from '../python/text.ts';

/** An option that a variable, the environment and ansible.cfg may set. */
function settable(key: string, type: OptionType, rest: Partial<Option> = {}, variable = key): Option {
  return {
    type,
    vars: [`ansible_lookup_url_${variable}`],
    env: [`ANSIBLE_LOOKUP_URL_${variable.toUpperCase()}`],
    ini: [['url_lookup', key]],
    ...rest,
  };
}

const OPTIONS: Declared = {
  validate_certs: { type: 'bool', default: true },
  split_lines: { type: 'bool', default: true },
  use_proxy: { type: 'bool', default: true },
  username: { type: 'str' },
  password: { type: 'str' },
  headers: { type: 'dict' },
  force: settable('force', 'bool', { default: false }),
  timeout: settable('timeout', 'float', { default: float(10) }),
  http_agent: settable('agent', 'str', { default: 'ansible-httpget' }),
  force_basic_auth: settable('force_basic_auth', 'bool', { default: false }),
  follow_redirects: settable('follow_redirects', 'str', {
    default: 'urllib2',
    choices: ['all', 'no', 'none', 'safe', 'urllib2', 'yes'],
  }),
  use_gssapi: settable('use_gssapi', 'bool', { default: false }),
  use_netrc: settable('use_netrc', 'bool', { default: true }),
  unix_socket: settable('unix_socket', 'str'),
  ca_path: settable('ca_path', 'str'),
  unredirected_headers: settable('unredirected_headers', 'list', {}, 'unredir_headers'),
  ciphers: settable('ciphers', 'list'),
};

export const url: Lookup = {
  options: OPTIONS,
  run(terms, options, env) {
    if (options.flag('use_gssapi')) throw new Fault('LookupError', "the lookup 'url' does not support 'use_gssapi'");
    return terms.flatMap((term): Value[] => {
      const address = str(term);
      const answer = env.context.services.fetch(wantedOf(address, options));
      const text = decodeBytes(Buffer.from(accepted(address, answer).body, 'base64'), 'utf-8');
      if (!options.flag('split_lines')) return [text];
      return text === '' ? [] : text.replace(/(?:\r\n|\n|\r)$/, '').split(/\r\n|\n|\r/);
    });
  },
};

/** What is said before the reason of a request that failed. */
const WORDS = /^(?:Request failed|Connection failure|An unknown error occurred): /;

/** The answer, unless it is none or tells of an error. */
function accepted(address: string, answer: PageAnswer): PageAnswer {
  const { status, reason } = answer;
  if (status < 0) throw new Fault('LookupError', `Failed lookup url for ${address} : ${reason.replace(WORDS, '')}`);
  if (status >= 300)
    throw new Fault('LookupError', `Received HTTP error for ${address} : HTTP Error ${status}: ${reason}`);
  return answer;
}

function wantedOf(address: string, options: Options): PageRequest {
  const given = [...options.dict('headers')].map(([name, value]) => [str(name), str(value)] as const);
  const headers: Record<string, string> = {
    'User-Agent': options.text('http_agent')!,
    ...(options.flag('force') ? { 'Cache-Control': 'no-cache' } : {}),
    ...Object.fromEntries(given),
  };
  const user = options.text('username');
  const kept = user === undefined && options.flag('use_netrc') ? netrcOf(address) : undefined;
  if (kept !== undefined) headers['Authorization'] = `Basic ${Buffer.from(kept).toString('base64')}`;
  const follow = options.text('follow_redirects')!;
  const ciphers = options.words('ciphers').join(':');
  const authority = options.text('ca_path');
  return {
    url: address,
    headers,
    timeout: options.number('timeout'),
    followRedirects: ({ yes: 'all', no: 'none' }[follow] ?? follow) as PageRequest['followRedirects'],
    unredirectedHeaders: options.words('unredirected_headers'),
    validateCerts: options.flag('validate_certs'),
    forceBasicAuth: options.flag('force_basic_auth'),
    usesProxy: options.flag('use_proxy'),
    ...optional('user', user),
    ...optional('password', options.text('password')),
    ...optional('unixSocket', options.text('unix_socket')),
    ...optional('ciphers', ciphers === '' ? undefined : ciphers),
    ...optional('caText', authority === undefined ? undefined : authorityOf(authority)),
  };
}

function authorityOf(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw new Fault('LookupError', `could not read the file of ca_path: ${(error as Error).message}`);
  }
}

/** `login:password` that the netrc file has for the host; undefined where there is none, or the address names a user. */
function netrcOf(address: string): string | undefined {
  const target = URL.canParse(address) ? new URL(address) : undefined;
  if (target === undefined || target.username !== '') return undefined;
  let text: string;
  try {
    text = readFileSync(process.env['NETRC'] ?? join(homedir(), '.netrc'), 'utf8');
  } catch {
    return undefined;
  }
  const words = text
    .replace(/^\s*#.*$/gm, '')
    .split(/\s+/)
    .filter((word) => word !== '');
  const entries = new Map<string, Record<string, string>>();
  let entry: Record<string, string> = {};
  for (let at = 0; at < words.length; at++) {
    const word = words[at]!;
    if (word === 'machine' || word === 'default') {
      entry = {};
      entries.set(word === 'default' ? word : (words[++at] ?? ''), entry);
    } else entry[word] = words[++at] ?? '';
  }
  const found = entries.get(target.hostname) ?? entries.get('default');
  return found === undefined ? undefined : `${found['login'] ?? ''}:${found['password'] ?? ''}`;
}

function optional<K extends string>(key: K, value: string | undefined): { [P in K]?: string } {
  return value === undefined ? {} : ({ [key]: value } as { [P in K]?: string });
}
