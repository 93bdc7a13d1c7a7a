// Python's urllib.parse, as far as filters and tests use it.

const SAFE_ALWAYS = /[A-Za-z0-9_.~-]/;

/** `quote(text, safe)`. */
export function quoteUrl(text: string, safe = '/'): string {
  let quoted = '';
  for (const byte of Buffer.from(text, 'utf8')) {
    const char = String.fromCharCode(byte);
    const kept = byte < 0x80 && (SAFE_ALWAYS.test(char) || safe.includes(char));
    quoted += kept ? char : `%${byte.toString(16).toUpperCase().padStart(2, '0')}`;
  }
  return quoted;
}

/** `unquote_plus(text)`: undecodable bytes become U+FFFD. */
export function unquotePlus(text: string): string {
  return text
    .replaceAll('+', ' ')
    .replace(/(?:%[0-9a-fA-F]{2})+/g, (run) => Buffer.from(run.replaceAll('%', ''), 'hex').toString('utf8'));
}

export interface SplitUrl {
  readonly scheme: string;
  readonly netloc: string;
  readonly path: string;
  readonly query: string;
  readonly fragment: string;
}

/** `urlsplit(url)`; undefined for a URL that Python refuses (unbalanced brackets). */
export function splitUrl(url: string): SplitUrl | undefined {
  let rest = url.replace(/^[\x00-\x20]+/, '').replace(/[\t\r\n]/g, '');
  let scheme = '';
  const named = /^([A-Za-z][A-Za-z0-9+.-]*):/.exec(rest);
  if (named !== null) {
    scheme = named[1]!.toLowerCase();
    rest = rest.slice(named[0].length);
  }
  let netloc = '';
  if (rest.startsWith('//')) {
    netloc = /^\/\/([^/?#]*)/.exec(rest)![1]!;
    rest = rest.slice(netloc.length + 2);
    if (netloc.includes('[') !== netloc.includes(']')) return undefined;
  }
  const hash = rest.indexOf('#');
  const fragment = hash < 0 ? '' : rest.slice(hash + 1);
  if (hash >= 0) rest = rest.slice(0, hash);
  const mark = rest.indexOf('?');
  const query = mark < 0 ? '' : rest.slice(mark + 1);
  return { scheme, netloc, path: mark < 0 ? rest : rest.slice(0, mark), query, fragment };
}

export interface Authority {
  readonly username: string | null;
  readonly password: string | null;
  readonly hostname: string | null;
  /** null where there is none; text where it is no number. */
  readonly port: number | string | null;
}

/** The parts of a netloc. */
export function splitNetloc(netloc: string): Authority {
  const sign = netloc.lastIndexOf('@');
  const user = sign < 0 ? null : netloc.slice(0, sign);
  const place = netloc.slice(sign + 1);
  const colon = user?.indexOf(':') ?? -1;
  const bracketed = /^[^[]*\[([^\]]*)\](?::(.*))?/.exec(place);
  const plain = /^([^:]*)(?::(.*))?$/s.exec(place);
  const host = (bracketed ?? plain)?.[1] ?? '';
  const port = (bracketed ?? plain)?.[2];
  const percent = host.indexOf('%');
  return {
    username: user === null ? null : colon < 0 ? user : user.slice(0, colon),
    password: user === null || colon < 0 ? null : user.slice(colon + 1),
    hostname:
      host === ''
        ? null
        : percent < 0
          ? host.toLowerCase()
          : host.slice(0, percent).toLowerCase() + host.slice(percent),
    port: port === undefined || port === '' ? null : /^\d+$/.test(port) ? Number(port) : port,
  };
}
