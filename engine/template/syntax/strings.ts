// Escapes in string constants, as Python reads them.

const ESCAPE = /\\(?:\n|x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|[0-7]{1,3}|[\s\S]|$)/g;
const SIMPLE: Readonly<Record<string, string>> = {
  n: '\n',
  t: '\t',
  r: '\r',
  a: '\x07',
  b: '\b',
  f: '\f',
  v: '\v',
  '\\': '\\',
  "'": "'",
  '"': '"',
  '\n': '',
};

/** The text that a constant's inner characters stand for; `broken` is called for `\x`, `\u` without their digits. */
export function unescape(text: string, broken: () => never): string {
  return text.replace(ESCAPE, (escape) => {
    const rest = escape.slice(1);
    const simple = SIMPLE[rest];
    if (simple !== undefined) return simple;
    if (/^[0-7]/.test(rest)) return String.fromCodePoint(Number.parseInt(rest, 8));
    if (rest.length > 1) {
      const code = Number.parseInt(rest.slice(1), 16);
      return code > 0x10ffff ? broken() : String.fromCodePoint(code);
    }
    return 'xuUN'.includes(rest) && rest !== '' ? broken() : escape;
  });
}
