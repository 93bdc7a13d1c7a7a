// Jinja's filters for HTML: templates are not escaped by themselves.

import { isDict, type Value } from '../../model/value.ts';
import type { Env } from '../library.ts';
import { escape, escapeHtml } from '../python/markup.ts';
import { str } from '../python/text.ts';
import { Markup } from '../python/types.ts';
import { Undefined } from '../undefined.ts';
import { alias, type Bound, type FilterTable, filter, flag, integer, refuse, text } from './define.ts';

const NAMED: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
  nbsp: '\u00a0',
  copy: '©',
  reg: '®',
  hellip: '…',
  mdash: '—',
  ndash: '–',
  raquo: '»',
  laquo: '«',
  euro: '€',
};

export function unescapeHtml(input: string): string {
  return input.replace(/&(?:#(\d+)|#[xX]([0-9a-fA-F]+)|(\w+));/g, (whole, decimal, hex, name) => {
    if (decimal !== undefined) return String.fromCodePoint(Number(decimal));
    if (hex !== undefined) return String.fromCodePoint(Number.parseInt(hex, 16));
    return NAMED[name] ?? whole;
  });
}

export function striptags(input: Value): Value {
  const bare = str(input).replace(/<!--[\s\S]*?-->|<[^>]*>/g, '');
  return unescapeHtml(bare.trim().split(/\s+/).join(' '));
}

function xmlattr(input: Value, [autospace]: Bound, env: Env): Value {
  if (!isDict(input)) refuse('xmlattr needs a dict');
  const pieces: string[] = [];
  for (const [key, value] of input) {
    if (value === null || (value instanceof Undefined && env.typing === 'classic')) continue;
    const name = str(key);
    if (/[\s/>=]/.test(name)) refuse(`Invalid character in attribute name: '${name}'`);
    pieces.push(`${escapeHtml(name)}="${escape(value).text}"`);
  }
  const attributes = pieces.join(' ');
  return flag(autospace, true) && attributes !== '' ? ` ${attributes}` : attributes;
}

const LINK =
  /^(https?:\/\/|www\.)(([\w%-]+\.)+)?(([a-z]{2,63}|xn--[\w%]{2,59})|([\w%-]{2,63}\.)?(com|net|int|edu|gov|org|info|mil)|(localhost)|(([\da-f]{1,4}:){1,7}[\da-f]{0,4}|\[[\da-f:]+\]|\d{1,3}(\.\d{1,3}){3}))(:\d+)?([/?#]\S*)?$/i;
const BARE = /^[\w%-]+(\.[\w%-]+)*\.(com|net|int|edu|gov|org|info|mil)(:\d+)?([/?#]\S*)?$/i;
const MAIL = /^\S+@\w[\w.-]*\.\w+$/;
const CLOSERS: readonly (readonly [string, string])[] = [
  ['(', ')'],
  ['<', '>'],
  ['&lt;', '&gt;'],
];

function urlize(input: Value, [limit, nofollow, target, rel, extraSchemes]: Bound): Value {
  const most = limit === undefined || limit === null ? undefined : integer(limit, 0);
  const shorten = (link: string) => (most !== undefined && link.length > most ? `${link.slice(0, most)}...` : link);
  const rels = new Set(text(rel).split(/\s+/).filter(Boolean));
  if (flag(nofollow)) rels.add('nofollow');
  rels.add('noopener');
  const relAttribute = ` rel="${escapeHtml([...rels].sort().join(' '))}"`;
  const targetAttribute = target === undefined || target === null ? '' : ` target="${escapeHtml(str(target))}"`;
  const schemes = Array.isArray(extraSchemes) ? extraSchemes.map(str) : [];
  return escapeHtml(str(input))
    .split(/(\s+)/)
    .map((word) => {
      let middle = word;
      let head = '';
      let tail = '';
      const opening = /^(?:[(<]|&lt;)+/.exec(middle);
      if (opening !== null) {
        head = opening[0];
        middle = middle.slice(head.length);
      }
      const closing = /(?:[)>.,\n]|&gt;)+$/.exec(middle);
      if (closing !== null) {
        tail = closing[0];
        middle = middle.slice(0, closing.index);
      }
      for (const [open, close] of CLOSERS) {
        let missing = middle.split(open).length - middle.split(close).length;
        while (missing > 0 && tail.includes(close)) {
          const end = tail.indexOf(close) + close.length;
          middle += tail.slice(0, end);
          tail = tail.slice(end);
          missing -= 1;
        }
      }
      if (LINK.test(middle) || BARE.test(middle)) {
        const href = /^https?:\/\//.test(middle) ? middle : `https://${middle}`;
        middle = `<a href="${href}"${relAttribute}${targetAttribute}>${shorten(middle)}</a>`;
      } else if (middle.startsWith('mailto:') && MAIL.test(middle.slice(7)))
        middle = `<a href="${middle}">${middle.slice(7)}</a>`;
      else if (MAIL.test(middle) && !middle.includes(':') && !middle.startsWith('www.'))
        middle = `<a href="mailto:${middle}">${middle}</a>`;
      else if (schemes.some((scheme) => middle !== scheme && middle.startsWith(scheme)))
        middle = `<a href="${middle}"${relAttribute}${targetAttribute}>${middle}</a>`;
      return head + middle + tail;
    })
    .join('');
}

const escapeFilter = filter('escape', [], escape, { keepsTrust: true });

export const markup: FilterTable = [
  escapeFilter,
  alias('e', escapeFilter),
  filter('forceescape', [], escape),
  filter('safe', [], (input) => new Markup(str(input)), { keepsTrust: true }),
  filter('striptags', [], striptags),
  filter('xmlattr', ['autospace?'], xmlattr),
  filter('urlize', ['trim_url_limit?', 'nofollow?', 'target?', 'rel?', 'extra_schemes?'], urlize),
];
