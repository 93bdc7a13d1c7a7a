// Java's .properties format, edited in place: only the lines of changed keys are touched; order, comments, unknown lines
// and separators stay.

export interface Entry {
  readonly key: string;
  readonly value: string;
  /** First and last physical line, from 0. */
  readonly from: number;
  readonly to: number;
  /** The text before the value: indentation, key and separator. */
  readonly head: string;
}

/** Entries of a file in order; comments and blank lines are none. */
export function readProperties(text: string): Entry[] {
  const physical = splitLines(text).map(withoutEnd);
  const entries: Entry[] = [];
  for (let at = 0; at < physical.length; at++) {
    const from = at;
    if (/^[ \t\f]*([#!]|$)/.test(physical[at]!)) continue;
    let logical = physical[at]!;
    while (isContinued(logical) && at + 1 < physical.length) {
      at++;
      logical = `${logical.slice(0, -1)}${physical[at]!.replace(/^[ \t\f]+/, '')}`;
    }
    if (isContinued(logical)) logical = logical.slice(0, -1);
    const match = /^([ \t\f]*((?:\\.|[^\\=: \t\f])*)(?:[ \t\f]*[=:][ \t\f]*|[ \t\f]+|$))(.*)$/s.exec(logical)!;
    entries.push({ key: unescape(match[2]!), value: unescape(match[3]!), from, to: at, head: match[1]! });
  }
  return entries;
}

/** An odd number of backslashes at the end joins the next line. */
function isContinued(line: string): boolean {
  return /(?:^|[^\\])(?:\\\\)*\\$/.test(line);
}

/** Physical lines with their ends. */
function splitLines(text: string): string[] {
  return text === '' ? [] : text.split(/(?<=\r\n|\n|\r(?!\n))/);
}

function withoutEnd(line: string): string {
  return line.replace(/(?:\r\n|\n|\r)$/, '');
}

function endOf(line: string): string {
  return /(?:\r\n|\n|\r)$/.exec(line)?.[0] ?? '';
}

const ESCAPES: Readonly<Record<string, string>> = { t: '\t', n: '\n', r: '\r', f: '\f' };

function unescape(text: string): string {
  return latin(text).replace(/\\(u[0-9a-fA-F]{4}|.)/gs, (_, code: string) =>
    code.length === 5 ? String.fromCharCode(Number.parseInt(code.slice(1), 16)) : (ESCAPES[code] ?? code),
  );
}

/** Bytes that are no UTF-8 are what Java takes them for: ISO-8859-1. */
function latin(text: string): string {
  return text.replace(/[\udc80-\udcff]/g, (byte) => String.fromCharCode(byte.charCodeAt(0) - 0xdc00));
}

/** Characters outside of printable ASCII as \uXXXX: such a file reads the same in ISO-8859-1 and UTF-8. */
function asciiOnly(text: string): string {
  return text.replace(/[^\x20-\x7e]/g, (letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

const CONTROL: Readonly<Record<string, string>> = { '\t': '\\t', '\n': '\\n', '\r': '\\r', '\f': '\\f' };

/** A key as it is written. */
export function escapeKey(key: string): string {
  return asciiOnly(key.replace(/[\\ :=#!]/g, '\\$&').replace(/[\t\n\r\f]/g, (letter) => CONTROL[letter]!));
}

/** A value as it is written: only a leading blank needs care beside backslashes and control characters. */
export function escapeValue(value: string): string {
  return asciiOnly(
    value
      .replaceAll('\\', '\\\\')
      .replace(/[\t\n\r\f]/g, (letter) => CONTROL[letter]!)
      .replace(/^ /, '\\ '),
  );
}

export interface Wanted {
  /** A value, or null to remove the key. */
  readonly properties: ReadonlyMap<string, string | null>;
  /** `x` -> items, written as x.0, x.1 ...; higher indexes are removed. */
  readonly lists: ReadonlyMap<string, readonly string[]>;
}

export interface Edit {
  readonly text: string;
  readonly changed: readonly string[];
  readonly removed: readonly string[];
}

/** The text with the wanted properties. A key that stands more than once keeps its last place: it is the one that counts. */
export function editProperties(text: string, wanted: Wanted): Edit {
  const goal = goalOf(text, wanted);
  const lines = splitLines(text);
  const newline = endOf(lines[0] ?? '') || '\n';
  const entries = readProperties(text);
  const last = new Map(entries.map((entry) => [entry.key, entry]));
  const replaced = new Map<number, string[]>();
  const changed: string[] = [];
  const removed: string[] = [];
  const appended: string[] = [];
  for (const [key, value] of goal) {
    const entry = last.get(key);
    if (value === null) {
      for (const each of entries) if (each.key === key) drop(each, replaced);
      if (entry !== undefined) removed.push(key);
    } else if (entry === undefined) {
      appended.push(`${escapeKey(key)}=${escapeValue(value)}${newline}`);
      changed.push(key);
    } else if (entry.value !== value) {
      drop(entry, replaced);
      const separated = /[=: \t\f]$/.test(entry.head) ? entry.head : `${entry.head}=`;
      replaced.set(entry.from, [`${separated}${escapeValue(value)}${endOf(lines[entry.to]!)}`]);
      changed.push(key);
    }
  }
  if (changed.length === 0 && removed.length === 0) return { text, changed, removed };
  const kept = lines.flatMap((line, index) => replaced.get(index) ?? [line]);
  if (appended.length > 0 && kept.length > 0 && endOf(kept.at(-1)!) === '') kept[kept.length - 1] += newline;
  return { text: [...kept, ...appended].join(''), changed, removed };
}

function drop(entry: Entry, replaced: Map<number, string[]>): void {
  for (let line = entry.from; line <= entry.to; line++) replaced.set(line, []);
}

/** Properties and lists as one table of keys. */
function goalOf(text: string, wanted: Wanted): Map<string, string | null> {
  const goal = new Map(wanted.properties);
  const keys = readProperties(text).map((entry) => entry.key);
  for (const [prefix, items] of wanted.lists) {
    for (const [index, item] of items.entries()) goal.set(`${prefix}.${index}`, item);
    for (const key of keys) {
      if (!key.startsWith(`${prefix}.`)) continue;
      const rest = key.slice(prefix.length + 1);
      if (/^\d+$/.test(rest) && Number(rest) >= items.length) goal.set(key, null);
    }
  }
  return goal;
}
