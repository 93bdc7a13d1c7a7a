// The arguments of a request that all modules over HTTP share, and the request that they make.

import type { Json } from '../../../engine/model/value.ts';
import type { HttpRequest, Site } from '../../../engine/module/contract.ts';
import { proxyFor } from '../../../engine/module/proxy.ts';
import type { ArgsOf, Schema } from '../../../engine/module/schema.ts';

export const HTTP_ARGS = {
  headers: { type: 'dict', default: {}, doc: 'Headers to send.' },
  url_password: { type: 'str', aliases: ['password'], secret: true, doc: 'Its password.' },
  force_basic_auth: { type: 'bool', default: false, doc: 'Send the credentials without being asked.' },
  http_agent: { type: 'str', default: 'ansible-httpget', doc: 'The agent to be.' },
  validate_certs: { type: 'bool', default: true, doc: "Check the server's certificate." },
  use_proxy: { type: 'bool', default: true, doc: "Goes through the proxy that the task's `environment` names." },
  use_netrc: { type: 'bool', default: true, doc: 'No netrc is read in any case.' },
  decompress: { type: 'bool', default: true, doc: 'Unpack an answer that came packed.' },
  unredirected_headers: { type: 'list', elements: 'str', default: [], doc: 'Headers that a redirect leaves behind.' },
  ciphers: { type: 'list', elements: 'str', doc: "TLS ciphers to offer, in OpenSSL's notation." },
  use_gssapi: { type: 'bool', default: false, doc: 'Not supported.' },
} as const satisfies Schema;

type HttpArgs = ArgsOf<typeof HTTP_ARGS> & {
  readonly url_username: string | undefined;
  readonly timeout: number;
  /** Ask caches for a fresh answer. */
  readonly force: boolean;
};

type Rest = Pick<HttpRequest, 'url' | 'method' | 'followRedirects'> &
  Partial<Pick<HttpRequest, 'body' | 'clientCert' | 'clientKey' | 'caText'>>;

/** The request, with headers of the module's own beneath those of the task. */
export function httpRequest(
  args: HttpArgs,
  site: Site,
  own: Readonly<Record<string, string>>,
  rest: Rest,
): HttpRequest {
  const proxy = args.use_proxy ? proxyFor(rest.url, site.environment) : undefined;
  const headers: Record<string, string> = {
    'User-Agent': args.http_agent,
    ...(args.force ? { 'Cache-Control': 'no-cache' } : {}),
    ...own,
  };
  for (const [name, value] of Object.entries(args.headers)) {
    for (const known of Object.keys(headers)) if (known.toLowerCase() === name.toLowerCase()) delete headers[known];
    headers[name] = headerText(value);
  }
  return {
    ...rest,
    headers,
    timeout: args.timeout,
    unredirectedHeaders: args.unredirected_headers,
    decompress: args.decompress,
    validateCerts: args.validate_certs,
    ...(args.url_username === undefined ? {} : { user: args.url_username }),
    ...(args.url_password === undefined ? {} : { password: args.url_password }),
    forceBasicAuth: args.force_basic_auth,
    ...(proxy === undefined ? {} : { proxy }),
    ...(args.ciphers === undefined ? {} : { ciphers: args.ciphers.join(':') }),
  };
}

function headerText(value: Json): string {
  return typeof value === 'boolean' ? (value ? 'True' : 'False') : String(value);
}

/** The last name in the path of an address. */
export function nameIn(url: string): string {
  return /([^/]+)$/.exec(url.replace(/^\w+:\/\/[^/]*/, '').replace(/[?#].*$/s, ''))?.[1] ?? 'index.html';
}
