// Python's regular expressions for grep: most can be said in POSIX's words, the rest needs a grep that knows Perl's.

const CLASSES: Readonly<Record<string, string>> = {
  d: '[0-9]',
  D: '[^0-9]',
  s: '[[:space:]]',
  S: '[^[:space:]]',
  w: '[[:alnum:]_]',
  W: '[^[:alnum:]_]',
};
const IN_SET: Readonly<Record<string, string>> = { d: '0-9', s: '[:space:]', w: '[:alnum:]_' };

/** The expression as POSIX ERE; undefined when it cannot be said so (lookaround, back references, anchors of the text ...). */
export function posixRegex(pattern: string): string | undefined {
  let out = '';
  for (let at = 0; at < pattern.length; ) {
    const rest = pattern.slice(at);
    const piece = rest.startsWith('[') ? characterSet(rest) : outside(rest);
    if (piece === undefined) return undefined;
    at += piece[0];
    out += piece[1];
  }
  return out;
}

type Piece = readonly [number, string] | undefined;

function outside(rest: string): Piece {
  if (rest.startsWith('(?:')) return [3, '('];
  if (rest.startsWith('(?')) return undefined;
  const lazy = /^([*+?]|\{\d*,?\d*\})[?+]/.exec(rest);
  if (lazy !== null) return [lazy[0].length, lazy[1]!];
  if (rest[0] !== '\\') return [1, rest[0]!];
  const next = rest[1];
  if (next === undefined) return undefined;
  if (CLASSES[next] !== undefined) return [2, CLASSES[next]];
  if (next === 't') return [2, '\t'];
  if (/[A-Za-z0-9]/.test(next)) return undefined;
  return [2, '.*+?()[]{}|^$\\'.includes(next) ? `\\${next}` : next];
}

function characterSet(rest: string): Piece {
  let at = rest[1] === '^' ? 2 : 1;
  let items = '';
  let bracket = '';
  let dash = '';
  for (let first = true; at < rest.length; first = false) {
    const [letter, next] = [rest[at]!, rest[at + 1]];
    if (letter === ']' && !first) {
      return [at + 1, `${rest[1] === '^' ? '[^' : '['}${bracket}${items}${dash}]`];
    }
    if (letter === '\\') {
      if (next === undefined) return undefined;
      if (IN_SET[next] !== undefined) items += IN_SET[next];
      else if (next === 't') items += '\t';
      else if (/[A-Za-z0-9]/.test(next)) return undefined;
      else if (next === ']') bracket = ']';
      else if (next === '-') dash = '-';
      else items += next;
      at += 2;
    } else {
      if (letter === ']') bracket = ']';
      else items += letter;
      at += 1;
    }
  }
  return undefined;
}
