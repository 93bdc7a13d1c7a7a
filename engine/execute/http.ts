// An HTTP request spoken by the controller from the host's place in the network: redirects, credentials and cookies over
// as many exchanges as it takes.

import { ModuleFailure } from '../model/errors.ts';
import type { JsonObject } from '../model/value.ts';
import type { HttpRequest } from '../module/contract.ts';
import { answerTo, basic, type Credentials } from './authorize.ts';
import { exchange, type Forward, type Reply } from './exchange.ts';

export interface Answer {
  readonly data: JsonObject;
  readonly body: Uint8Array;
}

const MOST_REDIRECTS = 10;

interface State {
  readonly url: URL;
  readonly method: string;
  readonly body: Uint8Array | undefined;
  readonly headers: Readonly<Record<string, string>>;
}

/** Sends a request and follows redirects. An answer of any status is an answer; what prevents one is `status: -1`. */
export async function request(wanted: HttpRequest, forward: Forward): Promise<Answer> {
  const started = Date.now();
  const told = (answer: JsonObject, body: Uint8Array): Answer => ({
    data: { ...answer, elapsed: Math.floor((Date.now() - started) / 1000) },
    body,
  });
  const refused = (msg: string, url: string): Answer =>
    told({ status: -1, reason: msg, url, headers: {}, cookies: {}, redirected: false, msg }, new Uint8Array());
  const { url: first, credentials } = parse(wanted);
  const control = /[\0-\x20\x7f]/.exec(wanted.url.replace(/^\w+:\/\/[^/]*/, ''));
  if (control !== null) {
    const path = wanted.url.replace(/^\w+:\/\/[^/]*/, '');
    const sign = JSON.stringify(control[0]).replaceAll('"', "'");
    const why = `URL can't contain control characters. '${path}' (found at least ${sign})`;
    return refused(`An unknown error occurred: ${why}`, wanted.url);
  }
  const cookies = new Map<string, string>();
  const visited = new Set<string>();
  let where = credentials === undefined ? wanted.url : bareUrl(wanted.url);
  let now: State = {
    url: first,
    method: wanted.method,
    body: wanted.body?.bytes,
    headers: {
      ...wanted.headers,
      ...(credentials !== undefined && wanted.forceBasicAuth ? { Authorization: basic(credentials) } : {}),
    },
  };
  for (;;) {
    const reply = await answered(now, wanted, credentials, cookies, forward).catch((error: Error) => error);
    if (reply instanceof Error) return refused(reply.message, where);
    keep(reply.cookies, cookies);
    const { location, ...others } = reply.headers;
    const target = location === undefined ? undefined : new URL(location, now.url);
    const answer = (reason: string): Answer =>
      told(
        {
          status: reply.status,
          reason,
          url: where,
          headers: { ...others, ...(target === undefined ? {} : { location: target.href }) },
          cookies: Object.fromEntries(cookies),
          redirected: where !== wanted.url,
        },
        reply.body,
      );
    const next = target === undefined ? undefined : redirected(now, reply.status, target, wanted);
    if (next === undefined) return answer(reply.reason);
    const step = `${next.method} ${next.url.href}`;
    if (visited.has(step) || visited.size >= MOST_REDIRECTS) {
      const loop = 'The HTTP server returned a redirect error that would lead to an infinite loop.';
      return answer(`${loop}\nThe last 30x error message was:\n${reply.reason}`);
    }
    visited.add(step);
    now = next;
    where = next.url.href;
  }
}

function parse(wanted: HttpRequest): { url: URL; credentials: Credentials | undefined } {
  let url: URL;
  try {
    url = new URL(wanted.url);
  } catch {
    throw new ModuleFailure(`unknown url type: '${wanted.url}'`, { status: -1, url: wanted.url });
  }
  const user = wanted.user ?? (url.username === '' ? undefined : decodeURIComponent(url.username));
  const password = wanted.password ?? decodeURIComponent(url.password);
  url.username = '';
  url.password = '';
  return { url, credentials: user === undefined ? undefined : { user, password } };
}

/** As written, without the credentials in it. */
function bareUrl(url: string): string {
  return url.replace(/^(\w+:\/\/)[^/@]*@/, '$1');
}

/** One exchange, and another with credentials when the server asks for them. */
async function answered(
  now: State,
  wanted: HttpRequest,
  credentials: Credentials | undefined,
  cookies: ReadonlyMap<string, string>,
  forward: Forward,
): Promise<Reply> {
  const jar = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ');
  const sent = { ...now, headers: { ...(jar === '' ? {} : { Cookie: jar }), ...now.headers } };
  const reply = await exchange(sent, wanted, forward);
  const challenge = reply.headers['www-authenticate'];
  if (reply.status !== 401 || challenge === undefined || credentials === undefined || wanted.forceBasicAuth)
    return reply;
  const path = `${now.url.pathname}${now.url.search}`;
  const header = answerTo(challenge, credentials, { method: now.method, path });
  if (header === undefined) return reply;
  return exchange({ ...sent, headers: { ...sent.headers, Authorization: header } }, wanted, forward);
}

/** The request that follows a redirect; undefined when it is not to be followed. */
function redirected(now: State, status: number, url: URL, wanted: HttpRequest): State | undefined {
  const { method } = now;
  const reading = method === 'GET' || method === 'HEAD';
  const moved = [301, 302, 303].includes(status);
  if (!moved && status !== 307 && status !== 308) return undefined;
  const allowed = {
    all: true,
    safe: reading,
    none: false,
    urllib2: reading || (moved && method === 'POST'),
  }[wanted.followRedirects];
  if (!allowed) return undefined;
  const alone = new Set((wanted.unredirectedHeaders ?? []).map((name) => name.toLowerCase()));
  if (moved || wanted.followRedirects === 'urllib2') alone.add('content-type').add('content-length');
  const headers = Object.fromEntries(Object.entries(now.headers).filter(([name]) => !alone.has(name.toLowerCase())));
  if (wanted.followRedirects === 'urllib2') return { url, method: 'GET', body: undefined, headers };
  if (!moved) return { ...now, url, headers };
  const gets = method !== 'HEAD' && (status !== 301 || method === 'POST');
  return { url, method: gets ? 'GET' : method, body: undefined, headers };
}

/** Takes cookies in; one that has expired goes. */
function keep(lines: readonly string[], cookies: Map<string, string>): void {
  for (const line of lines) {
    const [, name, value = ''] = /^\s*([^=;]+?)\s*=\s*([^;]*)/.exec(line) ?? [];
    if (name === undefined) continue;
    const age = /;\s*max-age=(-?\d+)/i.exec(line)?.[1];
    const end = /;\s*expires=([^;]+)/i.exec(line)?.[1];
    const gone = age !== undefined ? Number(age) <= 0 : end !== undefined && Date.parse(end) < Date.now();
    if (gone) cookies.delete(name);
    else cookies.set(name, value.trim());
  }
}
