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
