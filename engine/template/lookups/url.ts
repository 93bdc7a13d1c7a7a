// The lookup `url`: a page's text. Templates are evaluated synchronously, so the request is made by a node process of
// its own that is waited for.

import { spawnSync } from 'node:child_process';
import { isDict, type Value } from '../../model/value.ts';
import { Fault } from '../fault.ts';
import type { Lookup } from '../library.ts';
import { str } from '../python/text.ts';
import { boolOption, textOption, warnUnknown } from './place.ts';

const OPTIONS = [
  'validate_certs',
  'split_lines',
  'use_proxy',
  'username',
  'password',
  'headers',
  'force',
  'timeout',
  'http_agent',
  'force_basic_auth',
  'follow_redirects',
  'use_gssapi',
  'use_netrc',
  'unix_socket',
  'ca_path',
  'unredirected_headers',
  'ciphers',
];
const UNSUPPORTED = ['use_gssapi', 'unix_socket', 'ca_path', 'unredirected_headers', 'ciphers'];

const PROGRAM = `
const wanted = JSON.parse(require('fs').readFileSync(0, 'utf8'));
fetch(wanted.url, { headers: wanted.headers, redirect: wanted.redirect, signal: AbortSignal.timeout(wanted.timeout * 1000) })
  .then(async (answer) => process.stdout.write(JSON.stringify({ status: answer.status, reason: answer.statusText, text: await answer.text() })))
  .catch((error) => process.stdout.write(JSON.stringify({ error: String(error.cause?.message ?? error.message) })));
`;

export const url: Lookup = {
  run(terms, options, env) {
    warnUnknown(env, 'url', options, OPTIONS);
    for (const name of UNSUPPORTED)
      if (options.has(name)) throw new Fault('LookupError', `the lookup 'url' does not support '${name}'`);
    return terms.flatMap((term): Value[] => {
      const text = fetchText(str(term), options);
      return boolOption(options, 'split_lines', true)
        ? text.split(/\r?\n/).filter((line, index, all) => line !== '' || index < all.length - 1)
        : [text];
    });
  },
};

function fetchText(address: string, options: ReadonlyMap<string, Value>): string {
  const headers: Record<string, string> = { 'User-Agent': textOption(options, 'http_agent', 'ansible-httpget') };
  const given = options.get('headers');
  if (isDict(given ?? null)) for (const [name, value] of given as Map<Value, Value>) headers[str(name)] = str(value);
  const user = textOption(options, 'username');
  if (user !== undefined)
    headers['Authorization'] =
      `Basic ${Buffer.from(`${user}:${textOption(options, 'password', '')}`).toString('base64')}`;
  const wanted = {
    url: address,
    headers,
    redirect: textOption(options, 'follow_redirects', 'urllib2') === 'none' ? 'manual' : 'follow',
    timeout: Number(textOption(options, 'timeout', '10')),
  };
  const environment = boolOption(options, 'validate_certs', true)
    ? process.env
    : { ...process.env, NODE_TLS_REJECT_UNAUTHORIZED: '0', NODE_NO_WARNINGS: '1' };
  const run = spawnSync(process.execPath, ['-e', PROGRAM], {
    input: JSON.stringify(wanted),
    encoding: 'utf8',
    env: environment,
    maxBuffer: 256 * 2 ** 20,
    timeout: (wanted.timeout + 5) * 1000,
  });
  if (run.error !== undefined || run.stdout === '')
    throw new Fault('LookupError', `Failed lookup url for ${address} : ${run.error?.message ?? 'no answer'}`);
  const answer = JSON.parse(run.stdout) as { status?: number; reason?: string; text?: string; error?: string };
  if (answer.error !== undefined) throw new Fault('LookupError', `Failed lookup url for ${address} : ${answer.error}`);
  if (answer.status! >= 400)
    throw new Fault(
      'LookupError',
      `Received HTTP error for ${address} : HTTP Error ${answer.status}: ${answer.reason}`,
    );
  return answer.text ?? '';
}
