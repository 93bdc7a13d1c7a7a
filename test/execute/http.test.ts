// HTTP as uri speaks it, against a server of this process: redirects, credentials, cookies, proxies, packed answers.

import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { request } from '../../engine/execute/http.ts';
import type { HttpRequest } from '../../engine/module/contract.ts';
import { proxyFor } from '../../engine/module/proxy.ts';
import { sourceOf } from '../../engine/module/source.ts';

let server: Server;
let origin = '';

/** What the server was told, as JSON. */
function echo(incoming: IncomingMessage): string {
  const { host: _, ...headers } = incoming.headers;
  return JSON.stringify({ method: incoming.method, url: incoming.url, headers });
}

beforeAll(async () => {
  server = createServer((incoming, outgoing) => {
    const [, kind, status, to] = (incoming.url ?? '').split('/');
    const say = (code: number, body: string | Buffer, headers: Record<string, string | string[]> = {}): void =>
      void outgoing.writeHead(code, headers).end(body);
    if (kind === 'to') say(Number(status), 'moved', { Location: `/${to}`, 'Set-Cookie': 'hop=1' });
    else if (kind === 'loop') say(302, '', { Location: '/loop' });
    else if (kind === 'packed') say(200, gzipSync('text'), { 'Content-Encoding': 'gzip' });
    else if (kind === 'basic') {
      if (incoming.headers.authorization === `Basic ${Buffer.from('u:p').toString('base64')}`) say(200, echo(incoming));
      else say(401, 'no', { 'WWW-Authenticate': 'Basic realm="r"' });
    } else if (kind === 'digest') {
      const told = Object.fromEntries(
        [...(incoming.headers.authorization ?? '').matchAll(/(\w+)="?([^",]+)"?/g)].map((one) => [one[1], one[2]]),
      );
      const md5 = (text: string): string => createHash('md5').update(text).digest('hex');
      const right = md5(`${md5('u:r:p')}:n:${told['nc']}:${told['cnonce']}:auth:${md5('GET:/digest')}`);
      if (told['response'] === right) say(200, 'in');
      else say(401, 'no', { 'WWW-Authenticate': 'Digest realm="r", nonce="n", qop="auth", algorithm=MD5' });
    } else if (kind === 'hang') return;
    else say(200, echo(incoming));
  }).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => void server.closeAllConnections());
afterAll(() => void server.close());

const plain: Omit<HttpRequest, 'url'> = {
  method: 'GET',
  headers: {},
  timeout: 5,
  followRedirects: 'safe',
  validateCerts: true,
};

async function ask(path: string, how: Partial<HttpRequest> = {}) {
  const url = path.startsWith('/') ? origin + path : path;
  const { data, body } = await request({ ...plain, url, ...how }, async (host, port) => {
    const socket = connect(port, host);
    await new Promise((resolve, reject) => socket.once('connect', resolve).once('error', reject));
    return socket;
  });
  const text = new TextDecoder().decode(body);
  return { data, text, heard: text.startsWith('{') ? JSON.parse(text) : undefined };
}

describe('a request', () => {
  it('says no more than Python would', async () => {
    const { heard } = await ask('/x?a=b', { headers: { 'User-Agent': 'me' } });
    expect(heard).toEqual({
      method: 'GET',
      url: '/x?a=b',
      headers: { 'user-agent': 'me', 'accept-encoding': 'identity', connection: 'close' },
    });
  });

  it.each(['http://h/a b', 'http://h/a\u007f'])('of %j is never sent', async (url) => {
    expect((await ask(url)).data).toMatchObject({ status: -1, url });
  });

  it('that nobody takes is told as Python tells it', async () => {
    expect((await ask('http://127.0.0.1:1/')).data['msg']).toBe(
      'Request failed: <urlopen error [Errno 111] Connection refused>',
    );
    expect((await ask('/hang', { timeout: 0.2 })).data['msg']).toBe('Connection failure: timed out');
  });

  it('leaves an answer packed when asked to', async () => {
    expect((await ask('/packed')).text).toBe('text');
    expect((await ask('/packed', { decompress: false })).text).not.toBe('text');
  });
});

describe('redirects', () => {
  const post = { method: 'POST', body: sourceOf('b'), headers: { 'Content-Type': 't', 'X-A': '1' } };
  it.each([
    ['safe', 302, {}, 'GET'],
    ['safe', 302, post, 302],
    ['none', 302, {}, 302],
    ['all', 301, post, 'GET'],
    ['all', 302, { ...post, method: 'PUT' }, 'GET'],
    ['all', 301, { ...post, method: 'PUT' }, 'PUT'],
    ['all', 307, post, 'POST'],
    ['all', 303, { method: 'HEAD' }, 'HEAD'],
    ['urllib2', 302, post, 'GET'],
    ['urllib2', 307, post, 307],
  ] as const)('%s of %i', async (followRedirects, status, how, then) => {
    const { data, heard } = await ask(`/to/${status}/x`, { ...how, followRedirects });
    const location = `${origin}/x`;
    if (typeof then === 'number')
      expect(data).toMatchObject({ status: then, redirected: false, headers: { location } });
    else {
      expect(data).toMatchObject({ status: 200, redirected: true, url: location, cookies: { hop: '1' } });
      if (then !== 'HEAD') expect(heard.method).toBe(then);
      if (then === 'GET') expect(heard.headers['content-type']).toBeUndefined();
    }
  });

  it('leave headers behind that are not to be redirected, and bring cookies along', async () => {
    const { heard } = await ask('/to/302/x', { headers: { 'X-A': '1', 'X-B': '2' }, unredirectedHeaders: ['x-a'] });
    expect(heard.headers).toMatchObject({ 'x-b': '2', cookie: 'hop=1' });
    expect(heard.headers['x-a']).toBeUndefined();
  });

  it('that go in a circle end', async () => {
    const { data } = await ask('/loop');
    expect(data).toMatchObject({ status: 302, reason: expect.stringContaining('infinite loop') });
  });
});

describe('credentials', () => {
  it('are given when they are asked for, or at once', async () => {
    expect((await ask('/basic', { user: 'u', password: 'p' })).data['status']).toBe(200);
    expect((await ask('/x', { user: 'u', password: 'p' })).heard.headers.authorization).toBeUndefined();
    expect((await ask('/x', { user: 'u', password: 'p', forceBasicAuth: true })).heard.headers.authorization).toBe(
      'Basic dTpw',
    );
    expect((await ask('/digest', { user: 'u', password: 'p' })).text).toBe('in');
    expect((await ask('/digest', { user: 'u', password: 'x' })).data['status']).toBe(401);
  });

  it('of the address do not stay in it', async () => {
    const { data } = await ask(`${origin.replace('//', '//u:p@')}/basic`);
    expect(data).toMatchObject({ status: 200, url: `${origin}/basic`, redirected: true });
  });
});

describe('a proxy', () => {
  it('is asked for the whole address', async () => {
    expect((await ask('http://nowhere.invalid/y?z', { proxy: origin })).heard.url).toBe('http://nowhere.invalid/y?z');
  });

  it.each([
    ['http://h/', { http_proxy: 'http://p:1' }, 'http://p:1'],
    ['http://h/', { HTTP_PROXY: 'p:1' }, 'http://p:1'],
    ['https://h/', { http_proxy: 'http://p:1' }, undefined],
    ['http://a.example.org:8080/', { http_proxy: 'http://p:1', no_proxy: 'x, .example.org' }, undefined],
    ['http://example.com/', { http_proxy: 'http://p:1', no_proxy: 'ample.com' }, 'http://p:1'],
  ])('for %s with %j', (url, environment, proxy) => {
    expect(proxyFor(url, environment as unknown as Record<string, string>)).toBe(proxy);
  });
});
