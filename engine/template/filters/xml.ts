// ansible.utils' from_xml and to_xml: an element is a dict of its attributes (`@name`), children and text (`#text`).

import { SaxesParser } from 'saxes';
import { type Dict, isDict, type Value } from '../../model/value.ts';
import { allowText } from '../limits.ts';
import { isIterable, iterate } from '../python/compare.ts';
import { str } from '../python/text.ts';
import { isText, typeName } from '../python/types.ts';
import { type Bound, boolArgument, type FilterTable, filter, intArgument, refuse, text } from './define.ts';

interface Element {
  readonly name: string;
  readonly content: Dict;
  text: string;
}

/** Puts a child, or one more of the same name, into an element. */
function put(content: Dict, name: string, value: Value): void {
  const there = content.get(name);
  if (there === undefined) content.set(name, value);
  else if (Array.isArray(there)) there.push(value);
  else content.set(name, [there, value]);
}

function close({ content, text }: Element): Value {
  const words = text.trim();
  if (content.size === 0) return words === '' ? null : words;
  if (words !== '') put(content, '#text', words);
  return content;
}

function fromXml(input: Value, [engine]: Bound): Value {
  checkEngine(engine, 'from_xml');
  const root: Element = { name: '', content: new Map(), text: '' };
  const open = [root];
  const parser = new SaxesParser();
  parser.on('error', (error) => {
    throw error;
  });
  // Entities of the document's own stand for nothing: what they hide is not read.
  parser.on('doctype', (declarations) => {
    for (const [, name] of declarations.matchAll(/<!ENTITY\s+([^\s%]+)\s/g)) parser.ENTITIES[name!] = '';
  });
  parser.on('opentag', ({ name, attributes }) => {
    const content: Dict = new Map(Object.entries(attributes).map(([key, value]) => [`@${key}`, value as string]));
    open.push({ name, content, text: '' });
  });
  const add = (words: string): void => {
    open.at(-1)!.text += words;
  };
  parser.on('text', add);
  parser.on('cdata', add);
  parser.on('closetag', () => {
    const element = open.pop()!;
    put(open.at(-1)!.content, element.name, close(element));
  });
  try {
    parser.write(isText(input) ? str(input) : '').close();
  } catch {
    refuse("Error when using plugin 'from_xml': Input Xml is not valid");
  }
  return root.content;
}

function checkEngine(engine: Value | undefined, name: string): void {
  const wanted = text(engine, 'xmltodict');
  if (wanted !== 'xmltodict') refuse(`Error when using plugin '${name}': the engine '${wanted}' is not supported`);
}

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '\n': '&#10;',
  '\r': '&#13;',
  '\t': '&#9;',
  '"': '&quot;',
};

function escapeText(words: string): string {
  return words.replace(/[&<>]/g, (sign) => ESCAPES[sign]!);
}

function quoteAttribute(words: string): string {
  const escaped = words.replace(/[&<>\n\r\t]/g, (sign) => ESCAPES[sign]!);
  if (!escaped.includes('"')) return `"${escaped}"`;
  return escaped.includes("'") ? `"${escaped.replaceAll('"', '&quot;')}"` : `'${escaped}'`;
}

const INVALID = "Error when using plugin 'to_xml': Input json is not valid";

function scalar(value: Value): string {
  if (value === null) return '';
  return typeof value === 'boolean' ? String(value) : str(value);
}

function element(name: string, value: Value, depth: number, indent: string): string {
  const content: Dict = isDict(value) ? value : new Map([['#text', scalar(value)]]);
  let attributes = '';
  let words = '';
  const children: [string, Value][] = [];
  for (const [key, item] of content) {
    const label = isText(key) ? str(key) : refuse(INVALID);
    if (label === '#text') words = scalar(item);
    else if (label.startsWith('@')) attributes += ` ${label.slice(1)}=${quoteAttribute(str(item))}`;
    else children.push([label, item]);
  }
  const inner = children.map(([label, item]) => elements(label, item, depth + 1, indent)).join('');
  const [before, after] = children.length === 0 ? ['', ''] : ['\n', indent.repeat(depth)];
  const end = depth === 0 ? '' : '\n';
  return `${indent.repeat(depth)}<${name}${attributes}>${before}${inner}${escapeText(words)}${after}</${name}>${end}`;
}

/** What stands under one name: the items of a list, each an element, or the one value. */
function itemsOf(value: Value): readonly Value[] {
  return isText(value) || isDict(value) || !isIterable(value) ? [value] : iterate(value);
}

function elements(name: string, value: Value, depth: number, indent: string): string {
  return itemsOf(value)
    .map((item) => element(name, item, depth, indent))
    .join('');
}

function toXml(input: Value, [engine, fullDocument, indentation, width]: Bound): Value {
  checkEngine(engine, 'to_xml');
  if (!isDict(input))
    return refuse(`argument 'data' is of type ${typeName(input)} and we were unable to convert to dict`);
  const full = boolArgument(fullDocument, 'full_document', true);
  const style = text(indentation, 'tabs');
  if (style !== 'tabs' && style !== 'spaces') refuse(`value of indent must be one of: tabs, spaces, got: ${style}`);
  const spaces = Math.max(0, intArgument(width ?? 4, 'indent_width'));
  allowText(spaces, 'to_xml');
  const indent = style === 'tabs' ? '\t' : ' '.repeat(spaces);
  const roots = [...input].flatMap(([, value]) => itemsOf(value));
  if (full && (input.size !== 1 || roots.length > 1)) refuse(INVALID);
  const body = [...input].map(([key, value]) => elements(str(key), value, 0, indent)).join('');
  return full ? `<?xml version="1.0" encoding="utf-8"?>\n${body}` : body;
}

export const xml: FilterTable = [
  filter('from_xml', ['engine?'], fromXml),
  filter('to_xml', ['engine?', 'full_document?', 'indent?', 'indent_width?'], toXml),
];
