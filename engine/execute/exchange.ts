// One HTTP exchange over a connection that the host's own connection forwards: TCP, a proxy, TLS, the request, the answer.

import { existsSync, readFileSync } from 'node:fs';
import http from 'node:http';
import type { Duplex } from 'node:stream';
import tls from 'node:tls';
import { brotliDecompressSync, gunzipSync, inflateSync } from 'node:zlib';
import { ConnectionError } from '../model/errors.ts';
import type { HttpRequest } from '../module/contract.ts';

export type Forward = (host: string, port: number) => Promise<Duplex>;

export interface Sent {
  readonly url: URL;
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array | undefined;
}

export interface Reply {
  readonly status: number;
  readonly reason: string;
  /** By lower-case name; values of a header that came more than once are joined. */
  readonly headers: Readonly<Record<string, string>>;
  readonly cookies: readonly string[];
  readonly body: Uint8Array;
}

/** How many bytes of a body are taken. */
const LIMIT = 64 * 2 ** 20;

/** Sends one request. Throws an Error whose message says, in the words that Ansible's users match on, why there is no answer. */
export async function exchange(sent: Sent, wanted: HttpRequest, forward: Forward): Promise<Reply> {
  const { url } = sent;
  if (url.protocol !== 'http:' && url.protocol !== 'https:')
    throw new Error(`Request failed: <urlopen error unknown url type: ${url.protocol.slice(0, -1)}>`);
  const socket = await connected(url, wanted, forward);
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => request.destroy(new Error('timed out')), wanted.timeout * 1000);
    const settle = (act: () => void): void => {
      clearTimeout(timer);
      socket.destroy();
      act();
    };
    const failed = (error: Error): void =>
      settle(() => {
        const gone =
          error.message === 'socket hang up' ? 'Remote end closed connection without response' : error.message;
        reject(new Error(`Connection failure: ${gone}`));
      });
    const plainProxy = wanted.proxy !== undefined && url.protocol === 'http:';
    const request = http.request(
      {
        method: sent.method,
        path: plainProxy ? `${url.origin}${url.pathname}${url.search}` : `${url.pathname}${url.search}`,
        setHost: false,
        createConnection: () => socket as never,
      },
      (response) => {
        const chunks: Buffer[] = [];
        let size = 0;
        response.on('data', (chunk: Buffer) => {
          size += chunk.length;
          if (size > LIMIT) request.destroy(new Error(`the answer is larger than ${LIMIT} bytes`));
          else chunks.push(chunk);
        });
        response.on('error', failed);
        response.on('end', () => settle(() => resolve(replyOf(response, Buffer.concat(chunks), wanted))));
      },
    );
    const framed = sent.body === undefined ? {} : { 'Content-Length': String(sent.body.length) };
    const headers = { 'Accept-Encoding': 'identity', Host: url.host, ...framed, ...sent.headers, Connection: 'close' };
    for (const [name, value] of Object.entries(headers)) request.setHeader(name, value);
    if (sent.body === undefined) {
      // Without a body nothing is said of its length, as Python says nothing.
      request.removeHeader('Transfer-Encoding');
      request.removeHeader('Content-Length');
      request.useChunkedEncodingByDefault = false;
    }
    request.on('error', failed);
    request.end(sent.body);
  });
}

/** A stream to the server, or to the proxy that stands for it. */
async function connected(url: URL, wanted: HttpRequest, forward: Forward): Promise<Duplex> {
  const host = bare(url.hostname);
  const secured = url.protocol === 'https:';
  const port = Number(url.port || (secured ? 443 : 80));
  const proxy = wanted.proxy === undefined ? undefined : new URL(wanted.proxy);
  const reached = proxy === undefined ? forward(host, port) : forward(bare(proxy.hostname), Number(proxy.port || 80));
  const plain = await within(wanted.timeout, reached).catch((error: Error) => {
    throw new Error(`Request failed: <urlopen error ${refusal(error)}>`);
  });
  if (!secured) return plain;
  if (proxy !== undefined) await tunnel(plain, `${host}:${port}`, wanted.timeout);
  return within(wanted.timeout, secure(plain, host, wanted)).catch((error: Error) => {
    plain.destroy();
    throw new Error(`Request failed: <urlopen error ${distrust(error)}>`);
  });
}

/** Where distributions keep the certificates of authorities that the machine trusts. */
const BUNDLES = [
  '/etc/ssl/certs/ca-certificates.crt',
  '/etc/pki/tls/certs/ca-bundle.crt',
  '/etc/ssl/ca-bundle.pem',
  '/etc/ssl/cert.pem',
];

/** The authorities that are asked for, else those of SSL_CERT_FILE or of the machine, as OpenSSL's programs have it. */
function trusted({ caText, validateCerts }: HttpRequest): { ca?: string } {
  if (caText !== undefined) return { ca: caText };
  const bundle = [process.env['SSL_CERT_FILE'] ?? '', ...BUNDLES].find((file) => file !== '' && existsSync(file));
  return !validateCerts || bundle === undefined ? {} : { ca: readFileSync(bundle, 'utf8') };
}

/** What Python says of a TLS connection that did not come about. */
function distrust(error: Error & { code?: string; reason?: string }): string {
  const { code, reason } = error;
  if (code?.startsWith('ERR_SSL_') && reason !== undefined) return `[SSL: ${code.slice('ERR_SSL_'.length)}] ${reason}`;
  const why = code === 'UNABLE_TO_VERIFY_LEAF_SIGNATURE' ? 'unable to get local issuer certificate' : error.message;
  return `[SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed: ${why}`;
}

function bare(hostname: string): string {
  return hostname.replace(/^\[|\]$/g, '');
}

/** What Python says of a connection that did not come about. */
function refusal(error: Error): string {
  if (error instanceof ConnectionError && error.fault === 'resolve') return '[Errno -2] Name or service not known';
  return /refused/i.test(error.message) ? '[Errno 111] Connection refused' : error.message;
}

/** Asks a proxy to pass bytes on. Throws Error with its answer when it will not. */
function tunnel(stream: Duplex, authority: string, seconds: number): Promise<void> {
  const answered = new Promise<void>((resolve, reject) => {
    let head = '';
    const read = (chunk: Buffer): void => {
      head += chunk.toString('latin1');
      if (!head.includes('\r\n\r\n')) return;
      stream.off('data', read);
      if (/^HTTP\/1\.\d 2\d\d /.test(head)) resolve();
      else reject(new Error(`Request failed: <urlopen error Tunnel connection failed: ${head.split('\r\n')[0]}>`));
    };
    stream.on('data', read);
    stream.once('error', reject);
    stream.write(`CONNECT ${authority} HTTP/1.1\r\nHost: ${authority}\r\n\r\n`);
  });
  return within(seconds, answered);
}

function secure(plain: Duplex, host: string, wanted: HttpRequest): Promise<Duplex> {
  return new Promise((resolve, reject) => {
    const socket = tls.connect({
      socket: plain as never,
      servername: /^[\d.]+$|:/.test(host) ? '' : host,
      rejectUnauthorized: wanted.validateCerts,
      ...trusted(wanted),
      ...(wanted.clientCert === undefined ? {} : { cert: wanted.clientCert }),
      ...(wanted.clientKey === undefined ? {} : { key: wanted.clientKey }),
      ...(wanted.ciphers === undefined ? {} : { ciphers: wanted.ciphers }),
    });
    socket.once('secureConnect', () => resolve(socket));
    socket.once('error', reject);
  });
}

function within<T>(seconds: number, promise: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error('timed out')), seconds * 1000);
  });
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}

function replyOf(response: http.IncomingMessage, bytes: Buffer, wanted: HttpRequest): Reply {
  const headers: Record<string, string> = {};
  for (const [name, values] of Object.entries(response.headersDistinct)) headers[name] = (values ?? []).join(', ');
  return {
    status: response.statusCode ?? -1,
    reason: response.statusMessage ?? '',
    headers,
    cookies: response.headers['set-cookie'] ?? [],
    body: wanted.decompress === false ? bytes : unpacked(bytes, response.headers['content-encoding']),
  };
}

function unpacked(bytes: Buffer, encoding: string | undefined): Uint8Array {
  try {
    if (encoding === 'gzip' || encoding === 'x-gzip') return gunzipSync(bytes);
    if (encoding === 'deflate') return inflateSync(bytes);
    if (encoding === 'br') return brotliDecompressSync(bytes);
  } catch {
    // A body that is not what its header says is handed over as it came.
  }
  return bytes;
}
