// markupsafe's Markup: text that is HTML already. What is joined to it is escaped first.

import { isDict, Tuple, type Value } from '../../model/value.ts';
import { str } from './text.ts';
import { isText, Markup } from './types.ts';

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  "'": '&#39;',
  '"': '&#34;',
};

/** The text with the signs of HTML as entities. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>'"]/g, (char) => ENTITIES[char]!);
}

/** `escape(value)`: what is Markup stays as it is. */
export function escape(value: Value): Markup {
  return value instanceof Markup ? value : new Markup(escapeHtml(str(value)));
}

/** What is put into Markup, with the text in it escaped. */
export function escapedIn(value: Value): Value {
  if (isText(value)) return escape(value).text;
  if (Array.isArray(value)) return value.map(escapedIn);
  if (value instanceof Tuple) return new Tuple(value.items.map(escapedIn));
  if (isDict(value)) return new Map(Array.from(value, ([key, item]) => [key, escapedIn(item)]));
  return value;
}
