// What a server that asks for a name and a password is told: basic and digest authentication.

import { createHash, randomBytes } from 'node:crypto';

export interface Credentials {
  readonly user: string;
  readonly password: string;
}

/** The header of basic authentication. */
export function basic({ user, password }: Credentials): string {
  return `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;
}

/** The answer to a `WWW-Authenticate` header; undefined when it asks for what is not known here. */
export function answerTo(
  challenge: string,
  credentials: Credentials,
  request: { readonly method: string; readonly path: string },
): string | undefined {
  if (/(?:^|,\s*)digest\s/i.test(challenge)) return digest(challenge, credentials, request);
  return /(?:^|,\s*)basic\b/i.test(challenge) ? basic(credentials) : undefined;
}

/** RFC 7616 with MD5 or SHA-256, and `auth` where a quality of protection is asked for. */
function digest(
  challenge: string,
  { user, password }: Credentials,
  { method, path }: { readonly method: string; readonly path: string },
): string | undefined {
  const field = (name: string): string | undefined => {
    const found = new RegExp(`\\b${name}=(?:"([^"]*)"|([^\\s,]+))`, 'i').exec(challenge);
    return found?.[1] ?? found?.[2];
  };
  const algorithm = (field('algorithm') ?? 'MD5').toUpperCase();
  const [realm, nonce] = [field('realm'), field('nonce')];
  if (realm === undefined || nonce === undefined || (algorithm !== 'MD5' && algorithm !== 'SHA-256')) return undefined;
  const hash = (text: string): string =>
    createHash(algorithm === 'MD5' ? 'md5' : 'sha256')
      .update(text)
      .digest('hex');
  const who = hash(`${user}:${realm}:${password}`);
  const what = hash(`${method}:${path}`);
  const words = [`username="${user}"`, `realm="${realm}"`, `nonce="${nonce}"`, `uri="${path}"`];
  const quality = field('qop')
    ?.split(',')
    .some((one) => one.trim() === 'auth');
  if (quality) {
    const own = randomBytes(8).toString('hex');
    const response = hash(`${who}:${nonce}:00000001:${own}:auth:${what}`);
    words.push(`response="${response}"`, 'qop=auth', 'nc=00000001', `cnonce="${own}"`);
  } else words.push(`response="${hash(`${who}:${nonce}:${what}`)}"`);
  words.push(`algorithm="${algorithm}"`);
  const opaque = field('opaque');
  if (opaque !== undefined) words.push(`opaque="${opaque}"`);
  return `Digest ${words.join(', ')}`;
}
