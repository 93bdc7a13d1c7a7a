// The lookup `url` against servers of its own: what it sends, what it makes of the answers, and how it fails.

import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fetchPage } from '../../engine/cli/page.ts';
import { createTemplar } from '../../engine/template/templar.ts';
import { NO_SERVICES } from '../template/services.ts';

/** The request is waited for without returning to the event loop, so the server has a process of its own. */
const SERVER = `
const http = require('node:http');
const answer = (request, response) => {
  const { pathname, searchParams } = new URL(request.url, 'http://x');
  const say = (status, text, headers = {}) => response.writeHead(status, headers).end(text);
  if (pathname === '/lines') return say(200, 'one\\r\\ntwo\\n\\nfour\\n');
  if (pathname === '/empty') return say(200, '');
  if (pathname === '/bytes') return say(200, Buffer.from([0x68, 0xe9]));
  if (pathname === '/template') return say(200, '{{ 1 + 1 }}');
  if (pathname === '/to') return say(Number(searchParams.get('status')), '', { Location: '/sent' });
  if (pathname === '/missing') return say(404, 'no');
  if (pathname === '/never') return;
  const names = ['user-agent', 'authorization', 'cache-control', 'x-a', 'x-b'];
  say(200, names.map((name) => request.headers[name]).filter((value) => value !== undefined).join('|'));
};
const [socket, key, cert] = process.argv.slice(1);
const { readFileSync } = require('node:fs');
const tls = { key: readFileSync(key), cert: readFileSync(cert), maxVersion: 'TLSv1.2', ciphers: 'ECDHE-ECDSA-AES256-GCM-SHA384' };
const plain = http.createServer(answer).listen(0, '127.0.0.1', () => {
  const secure = require('node:https').createServer(tls, answer).listen(0, '127.0.0.1', () => {
    http.createServer(answer).listen(socket, () => console.log(plain.address().port, secure.address().port));
  });
});
`;

const folder = mkdtempSync(join(tmpdir(), 'troupe-page-'));
const socket = join(folder, 'web.sock');
const authority = fileURLToPath(new URL('authority/', import.meta.url));
const [ca, key, cert] = ['ca.pem', 'localhost.key', 'localhost.pem'].map((name) => join(authority, name)) as [
  string,
  string,
  string,
];
let server: ChildProcess;
let base = '';
let secure = '';

beforeAll(async () => {
  // The program that fetches is run as it is built.
  const top = fileURLToPath(new URL('../../', import.meta.url));
  if (!existsSync(join(top, 'dist/engine/cli/page.js'))) spawnSync(process.execPath, [join(top, 'scripts/build.mjs')]);
  server = spawn(process.execPath, ['-e', SERVER, socket, key, cert], { stdio: ['ignore', 'pipe', 'inherit'] });
  const ports = await new Promise<string>((resolve) => server.stdout!.once('data', (text) => resolve(String(text))));
  const [port, securePort] = ports.trim().split(' ');
  base = `http://127.0.0.1:${port}`;
  secure = `https://localhost:${securePort}`;
  writeFileSync(join(folder, 'netrc'), 'machine 127.0.0.1 login bob password pw\n');
}, 120_000);

afterAll(() => {
  server.kill();
  rmSync(folder, { recursive: true, force: true });
});

const templar = createTemplar({
  typing: 'modern',
  trimBlocks: true,
  allowBrokenConditionals: false,
  allowEmbeddedTemplates: true,
  errorOnUndefined: true,
  extensions: [],
});

function look(path: string, options = '', variables: Record<string, string> = {}, from = 'base'): unknown {
  const known: Record<string, string> = { base, secure, ca, socket, ...variables };
  return templar.evaluate(`query('url', ${from} ~ '${path}'${options === '' ? '' : `, ${options}`})`, {
    scope: { get: (name) => known[name], names: () => Object.keys(known), written: () => [] },
    searchPath: [folder],
    basedir: folder,
    services: {
      ...NO_SERVICES,
      stored: (section, key) =>
        section === 'url_lookup' && key === 'agent' ? { value: 'from-the-file', origin: 'ansible.cfg' } : undefined,
      fetch: fetchPage,
    },
    warn: () => undefined,
  });
}

describe('what is got and sent', () => {
  const basic = `Basic ${Buffer.from('bob:pw').toString('base64')}`;
  for (const [path, options, expected, variables] of [
    ['/lines', '', ['one', 'two', '', 'four']],
    ['/lines', 'split_lines=false', ['one\r\ntwo\n\nfour\n']],
    ['/empty', '', []],
    ['/empty', 'split_lines=false', ['']],
    ['/bytes', '', ['h\udce9']],
    ['/template', '', ['{{ 1 + 1 }}']],
    ['/sent', '', ['from-the-file']],
    ['/sent', "http_agent='mine'", ['mine']],
    ['/sent', '', ['of-a-variable'], { ansible_lookup_url_agent: 'of-a-variable' }],
    ['/sent', 'force=true', ['from-the-file|no-cache']],
    ['/sent', "headers={'X-A': 1, 'User-Agent': 'other'}", ['other|1']],
    ['/sent', "username='bob', password='pw'", ['from-the-file']],
    ['/sent', "username='bob', password='pw', force_basic_auth=true", [`from-the-file|${basic}`]],
    ['/to?status=302', "headers={'x-a': 1, 'x-b': 2}, unredirected_headers=['X-A']", ['from-the-file|2']],
    ['/to?status=308', "follow_redirects='safe'", ['from-the-file']],
    ['/sent', 'unix_socket=socket', ['from-the-file']],
  ] as [string, string, string[], Record<string, string>?][])
    it(`${path} ${options} ${variables === undefined ? '' : JSON.stringify(variables)}`, () => {
      expect(look(path, options, variables)).toEqual(expected);
    });

  it('credentials of a netrc file, unless it is not to be used', () => {
    process.env['NETRC'] = join(folder, 'netrc');
    try {
      expect(look('/sent')).toEqual([`from-the-file|${basic}`]);
      expect(look('/sent', 'use_netrc=false')).toEqual(['from-the-file']);
      expect(look('/sent', "username='ann'")).toEqual(['from-the-file']);
    } finally {
      delete process.env['NETRC'];
    }
  });
});

describe('what fails, and why', () => {
  for (const [path, options, reason] of [
    ['/missing', '', /Received HTTP error for http.*\/missing : HTTP Error 404: Not Found/],
    ['/to?status=302', "follow_redirects='none'", /HTTP Error 302/],
    ['/to?status=302', "follow_redirects='bogus'", /Invalid value 'bogus' for config 'follow_redirects'/],
    ['/never', 'timeout=0.3', /Failed lookup url for http.*\/never : timed out/],
    ['/sent', "unix_socket='/nope/web.sock'", /Failed lookup url for .*ENOENT/],
    ['/sent', "timeout='soon'", /Invalid value provided for 'float': 'soon'/],
    ['/sent', "ca_path='/nope/ca.pem'", /ca_path/],
    ['/sent', 'use_gssapi=true', /does not support 'use_gssapi'/],
  ] as const)
    it(`${path} ${options}`, () => {
      expect(() => look(path, options)).toThrow(reason);
    });
});

describe('certificates', () => {
  const over = (options: string): unknown => look('/sent', options, {}, 'secure');

  it('of an unknown authority are refused, unless they are not to be validated', () => {
    expect(() => over('')).toThrow(/CERTIFICATE_VERIFY_FAILED/);
    expect(over('validate_certs=false')).toEqual(['from-the-file']);
  });

  it('of the authority of ca_path, or of SSL_CERT_FILE, are taken', () => {
    expect(over('ca_path=ca')).toEqual(['from-the-file']);
    process.env['SSL_CERT_FILE'] = ca;
    try {
      expect(over('')).toEqual(['from-the-file']);
    } finally {
      delete process.env['SSL_CERT_FILE'];
    }
  });

  it('only with ciphers that both sides have', () => {
    expect(over("ca_path=ca, ciphers=['ECDHE-ECDSA-AES256-GCM-SHA384']")).toEqual(['from-the-file']);
    expect(() => over("ca_path=ca, ciphers='ECDHE-ECDSA-AES128-GCM-SHA256'")).toThrow(/handshake failure/);
  });
});
