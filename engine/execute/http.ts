// An HTTP request spoken by the controller from the host's place in the network, over a TCP connection that the host's
// connection forwards.

import http from 'node:http';
import type { Duplex } from 'node:stream';
import tls from 'node:tls';
import { brotliDecompressSync, gunzipSync, inflateSync } from 'node:zlib';
import { ModuleFailure } from '../model/errors.ts';
import type { JsonObject } from '../model/value.ts';
import type { HttpRequest } from '../module/contract.ts';

export interface Answer {
  readonly data: JsonObject;
  readonly body: Uint8Array;
}

type Forward = (host: string, port: number) => Promise<Duplex>;

/** How many bytes of a body are taken. */
const LIMIT = 64 * 2 ** 20;

/** Sends a request and follows redirects. An answer of any status is an answer; what prevents one is `status: -1`. */
export async function request(wanted: HttpRequest, forward: Forward): Promise<Answer> {
  const started = Date.now();
  let url = parse(wanted.url);
  let method = wanted.method;
  let body = wanted.body?.bytes;
  let redirected = false;
  for (let hops = 0; ; hops++) {
    const answer = await once({ ...wanted, method }, url, body, forward).catch((error: Error) => error);
    if (answer instanceof Error)
      return {
        data: {
          status: -1,
          reason: answer.message,
          url: url.href,
          headers: {},
          redirected,
          elapsed: elapsed(started),
          msg: `Request failed: ${answer.message}`,
        },
        body: new Uint8Array(),
      };
    const location = answer.headers['location'];
    const mayFollow =
      wanted.followRedirects === 'all' ||
      (wanted.followRedirects === 'safe' && (method === 'GET' || method === 'HEAD'));
    if (location !== undefined && [301, 302, 303, 307, 308].includes(answer.status) && mayFollow && hops < 10) {
      url = new URL(location, url);
      redirected = true;
      if (answer.status === 303 || ((answer.status === 301 || answer.status === 302) && method === 'POST')) {
        method = method === 'HEAD' ? 'HEAD' : 'GET';
        body = undefined;
      }
      continue;
    }
    return {
      data: {
        status: answer.status,
        reason: answer.reason,
        url: url.href,
        headers: answer.headers,
        redirected,
        elapsed: elapsed(started),
      },
      body: answer.body,
    };
  }
}

function parse(text: string): URL {
  try {
    return new URL(text);
  } catch {
    throw new ModuleFailure(`'${text}' is not a URL`);
  }
}

function elapsed(started: number): number {
  return Math.floor((Date.now() - started) / 1000);
}

interface Reply {
  readonly status: number;
  readonly reason: string;
  readonly headers: Record<string, string>;
  readonly body: Uint8Array;
}

async function once(wanted: HttpRequest, url: URL, body: Uint8Array | undefined, forward: Forward): Promise<Reply> {
  if (url.protocol !== 'http:' && url.protocol !== 'https:')
    throw new Error(`unknown url type: ${url.protocol.slice(0, -1)}`);
  const host = url.hostname.replace(/^\[|\]$/g, '');
  const port = Number(url.port || (url.protocol === 'https:' ? 443 : 80));
  const plain = await within(wanted.timeout, forward(host, port), `connecting to ${host}:${port} timed out`);
  const socket =
    url.protocol === 'https:'
      ? await within(wanted.timeout, secure(plain, host, wanted), 'the TLS handshake timed out')
      : plain;
  const headers: Record<string, string> = {
    'User-Agent': 'ansible-httpget',
    Accept: '*/*',
    'Accept-Encoding': 'gzip, deflate',
    ...wanted.headers,
  };
  const user = wanted.user ?? (url.username === '' ? undefined : decodeURIComponent(url.username));
  const password = wanted.password ?? decodeURIComponent(url.password);
  if (user !== undefined && headers['Authorization'] === undefined) {
    headers['Authorization'] = `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;
  }
  if (body !== undefined) headers['Content-Length'] = String(body.length);
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => sent.destroy(new Error('timed out')), wanted.timeout * 1000);
    const settle = (act: () => void): void => {
      clearTimeout(timer);
      socket.destroy();
      act();
    };
    const sent = http.request(
      {
        method: wanted.method,
        path: `${url.pathname}${url.search}`,
        headers: { Host: url.host, ...headers, Connection: 'close' },
        createConnection: () => socket as never,
      },
      (response) => {
        const chunks: Buffer[] = [];
        let size = 0;
        response.on('data', (chunk: Buffer) => {
          size += chunk.length;
          if (size > LIMIT) sent.destroy(new Error(`the answer is larger than ${LIMIT} bytes`));
          else chunks.push(chunk);
        });
        response.on('error', (error) => settle(() => reject(error)));
        response.on('end', () =>
          settle(() =>
            resolve({
              status: response.statusCode ?? -1,
              reason: response.statusMessage ?? '',
              headers: flatten(response.headers),
              body: decode(Buffer.concat(chunks), response.headers['content-encoding']),
            }),
          ),
        );
      },
    );
    sent.on('error', (error) => settle(() => reject(error)));
    sent.end(body);
  });
}

function secure(plain: Duplex, host: string, wanted: HttpRequest): Promise<Duplex> {
  return new Promise((resolve, reject) => {
    const socket = tls.connect({
      socket: plain as never,
      servername: /^[\d.]+$|:/.test(host) ? '' : host,
      rejectUnauthorized: wanted.validateCerts,
      ...(wanted.caText === undefined ? {} : { ca: wanted.caText }),
      ...(wanted.clientCert === undefined ? {} : { cert: wanted.clientCert }),
      ...(wanted.clientKey === undefined ? {} : { key: wanted.clientKey }),
    });
    socket.once('secureConnect', () => resolve(socket));
    socket.once('error', reject);
  });
}

function within<T>(seconds: number, promise: Promise<T>, message: string): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(message)), seconds * 1000);
  });
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}

function flatten(headers: http.IncomingHttpHeaders): Record<string, string> {
  const flat: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers))
    if (value !== undefined) flat[name] = Array.isArray(value) ? value.join(', ') : value;
  return flat;
}

function decode(bytes: Buffer, encoding: string | undefined): Uint8Array {
  try {
    if (encoding === 'gzip' || encoding === 'x-gzip') return gunzipSync(bytes);
    if (encoding === 'deflate') return inflateSync(bytes);
    if (encoding === 'br') return brotliDecompressSync(bytes);
  } catch {
    // A body that is not what its header says is handed over as it came.
  }
  return bytes;
}
