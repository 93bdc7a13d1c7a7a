// JSON as Python's json.dumps prints it, since that is what people read, and scripts cut, in Ansible's output.

import { Float, type Json, type JsonObject } from './value.ts';

export interface JsonStyle {
  /** Spaces of one level; undefined prints one line with `, ` and `: ` between. */
  readonly indent?: number | undefined;
  readonly sortKeys?: boolean;
  /** Writes non-ASCII characters as \uXXXX. */
  readonly ascii?: boolean;
}

/** The text of a JSON value. Floats stay floats (`1.0`), ints of any size stay exact. */
export function jsonText(value: Json, style: JsonStyle = {}): string {
  return print(value, style, '');
}

function print(value: Json, style: JsonStyle, margin: string): string {
  if (value === null) return 'null';
  if (typeof value === 'string') return quote(value, style.ascii === true);
  if (typeof value === 'boolean' || typeof value === 'bigint') return String(value);
  if (typeof value === 'number') return numberText(value);
  if (value instanceof Float) return floatText(value.value);
  if (Array.isArray(value)) {
    const items: readonly Json[] = value;
    const inner = deeper(style, margin);
    return enclose(
      '[',
      items.map((item) => print(item, style, inner)),
      ']',
      style,
      margin,
    );
  }
  const object = value as JsonObject;
  const keys = Object.keys(object);
  if (style.sortKeys) keys.sort(byCodePoint);
  const inner = deeper(style, margin);
  const members = keys
    .filter((key) => object[key] !== undefined)
    .map((key) => `${quote(key, style.ascii === true)}: ${print(object[key]!, style, inner)}`);
  return enclose('{', members, '}', style, margin);
}

function deeper(style: JsonStyle, margin: string): string {
  return style.indent === undefined ? margin : margin + ' '.repeat(style.indent);
}

function enclose(open: string, parts: readonly string[], shut: string, style: JsonStyle, margin: string): string {
  if (parts.length === 0) return open + shut;
  if (style.indent === undefined) return open + parts.join(', ') + shut;
  const inner = deeper(style, margin);
  return `${open}\n${parts.map((part) => inner + part).join(',\n')}\n${margin}${shut}`;
}

/** Orders text by code points, as Python does; JavaScript's own order is that of UTF-16 units. */
export function byCodePoint(a: string, b: string): number {
  const left = Array.from(a);
  const right = Array.from(b);
  const length = Math.min(left.length, right.length);
  for (let index = 0; index < length; index++) {
    const difference = left[index]!.codePointAt(0)! - right[index]!.codePointAt(0)!;
    if (difference !== 0) return difference;
  }
  return left.length - right.length;
}

function numberText(value: number): string {
  return Number.isInteger(value) && Math.abs(value) < 1e21 ? integerText(value) : floatText(value);
}

function integerText(value: number): string {
  return Object.is(value, -0) ? '-0.0' : String(value);
}

/** Python's repr of a float. */
function floatText(value: number): string {
  if (Number.isNaN(value)) return 'NaN';
  if (!Number.isFinite(value)) return value > 0 ? 'Infinity' : '-Infinity';
  if (Object.is(value, -0)) return '-0.0';
  const magnitude = Math.abs(value);
  if (magnitude !== 0 && (magnitude >= 1e16 || magnitude < 1e-4)) {
    const [digits, exponent] = value.toExponential().split('e') as [string, string];
    const size = exponent.slice(1).padStart(2, '0');
    return `${digits}e${exponent[0]}${size}`;
  }
  const text = String(value);
  return text.includes('.') ? text : `${text}.0`;
}

function quote(text: string, ascii: boolean): string {
  const quoted = JSON.stringify(text);
  if (!ascii) return quoted;
  return quoted.replace(/[\u0080-\uffff]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
