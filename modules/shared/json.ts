// Values as text in a file: text as it is, anything else as Python's json module prints it.

import { Float, type Json } from '../../engine/model/value.ts';

/** Text as it is; lists and dicts as JSON with Python's blanks; other scalars as Python prints them. */
export function asText(value: Json): string {
  if (typeof value === 'string') return value;
  if (value === true) return 'True';
  if (value === false) return 'False';
  if (value === null) return '';
  return pythonJson(value);
}

/** What `json.dumps` gives: a blank after `:` and `,`, and nothing but ASCII. */
export function pythonJson(value: Json): string {
  if (Array.isArray(value)) return `[${value.map(pythonJson).join(', ')}]`;
  if (value instanceof Float) return `${value.value}.0`;
  if (typeof value === 'string') {
    return JSON.stringify(value).replace(
      /[\u007f-\uffff]/g,
      (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`,
    );
  }
  if (value !== null && typeof value === 'object') {
    return `{${Object.entries(value)
      .map(([key, item]) => `${pythonJson(key)}: ${pythonJson(item)}`)
      .join(', ')}}`;
  }
  return typeof value === 'bigint' ? String(value) : JSON.stringify(value);
}

/** Tells a number apart from text while JSON is read. */
const NUMBER = '\0number ';

/** Reads JSON as Python does: 1.0 stays a float, an int may have any size. Undefined when it is none. */
export function readJson(text: string): Json | undefined {
  const marked = text.replace(/"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g, (token) =>
    token.startsWith('"') || String(Number(token)) === token ? token : JSON.stringify(NUMBER + token),
  );
  try {
    return JSON.parse(marked, (_, value: Json) =>
      typeof value === 'string' && value.startsWith(NUMBER) ? numberOf(value.slice(NUMBER.length)) : value,
    ) as Json;
  } catch {
    return undefined;
  }
}

function numberOf(digits: string): Json {
  if (!/[.eE]/.test(digits)) return Number.isSafeInteger(Number(digits)) ? Number(digits) : BigInt(digits);
  return Number.isInteger(Number(digits)) ? new Float(Number(digits)) : Number(digits);
}
