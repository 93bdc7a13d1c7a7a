// What uri sends: a body in the format that was asked for, with the content type that goes with it.

import { Float, type Json, type JsonObject } from '../../../engine/model/value.ts';
import { ModuleFailure, type Source } from '../../../engine/module/contract.ts';
import { toText } from '../../../engine/module/schema.ts';
import { pythonJson } from '../json.ts';

export interface RequestBody {
  readonly text: string | undefined;
  readonly type: string | undefined;
}

/** What Python's urllib says of a body about which nothing was said. */
export const FORM = 'application/x-www-form-urlencoded';

export type BodyFormat = 'form-urlencoded' | 'json' | 'raw' | 'form-multipart';

/** The body as text. Throws ModuleFailure for what the format cannot say. */
export function requestBody(body: Json, format: BodyFormat): RequestBody {
  if (body === null) return { text: undefined, type: undefined };
  switch (format) {
    case 'json':
      return { text: typeof body === 'string' ? body : pythonJson(body), type: 'application/json' };
    case 'form-urlencoded':
      return {
        text: typeof body === 'object' ? urlencoded(body) : toText(body),
        type: FORM,
      };
    case 'form-multipart':
      return multipart(body);
    case 'raw':
      if (typeof body === 'object' && !(body instanceof Float)) {
        throw new ModuleFailure('a raw body is text; body_format says how a list or dict is written');
      }
      return { text: toText(body), type: FORM };
  }
}

function urlencoded(body: Json): string {
  const fields = new URLSearchParams();
  for (const [key, value] of pairs(body)) {
    for (const item of Array.isArray(value) ? (value as readonly Json[]) : [value]) fields.append(key, toText(item));
  }
  return fields.toString();
}

function pairs(body: Json): [string, Json][] {
  if (!Array.isArray(body)) return Object.entries(body as JsonObject);
  return (body as readonly Json[]).map((pair) => {
    if (!Array.isArray(pair) || pair.length !== 2) throw new ModuleFailure('body is no list of keys and values');
    return [toText(pair[0] as Json), pair[1] as Json];
  });
}

function multipart(body: Json): RequestBody {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) {
    throw new ModuleFailure('failed to parse body as form-multipart: Mapping is required');
  }
  const parts = Object.entries(body as JsonObject).map(([name, value]) => partOf(name, value));
  const boundary = boundaryFor(parts.join(''));
  return {
    text: `${parts.map((part) => `--${boundary}\r\n${part}\r\n`).join('')}--${boundary}--\r\n`,
    type: `multipart/form-data; boundary="${boundary}"`,
  };
}

function partOf(name: string, value: Json): string {
  const quoted = (text: string): string =>
    `"${text
      .replaceAll('\\', '\\\\')
      .replaceAll('"', '\\"')
      .replace(/[\r\n]/g, ' ')}"`;
  const part = (head: string, type: string, filename: string, text: string): string =>
    `${head}Content-Type: ${type}\r\nContent-Disposition: form-data; name=${quoted(name)}${filename}\r\n\r\n${text}`;
  if (typeof value === 'string') return part('', 'text/plain', '', value);
  if (typeof value !== 'object' || value === null || Array.isArray(value) || value instanceof Float) {
    throw new ModuleFailure(`value must be a string, or mapping, cannot be type ${typeName(value)}`);
  }
  const { content, filename, mime_type: type, source } = value as JsonObject;
  const there = (one: Json | undefined): one is Json => one !== undefined && one !== null;
  if (!there(content) && !there(filename))
    throw new ModuleFailure('at least one of filename or content must be provided');
  const named = there(filename) ? toText(filename).replace(/^.*\//, '') : undefined;
  const file = named === undefined ? '' : `; filename=${quoted(named)}`;
  const kind = there(type) ? toText(type) : typeOf(named ?? '');
  if (there(content)) return part('', kind, file, toText(content));
  const bytes = (source as Source | undefined)?.bytes;
  if (bytes === undefined) throw new ModuleFailure(`the file ${toText(filename!)} is too large to be sent`);
  const packed = Buffer.from(bytes)
    .toString('base64')
    .replace(/.{76}(?=.)/g, '$&\n');
  return part('Content-Transfer-Encoding: base64\r\n', kind, file, `${packed}\r\n`);
}

const TYPES: Readonly<Record<string, string>> = {
  txt: 'text/plain',
  html: 'text/html',
  css: 'text/css',
  csv: 'text/csv',
  js: 'text/javascript',
  py: 'text/x-python',
  xml: 'text/xml',
  json: 'application/json',
  pdf: 'application/pdf',
  tar: 'application/x-tar',
  zip: 'application/zip',
  sh: 'application/x-sh',
  gif: 'image/gif',
  jpg: 'image/jpeg',
  jpeg: 'image/jpeg',
  png: 'image/png',
  svg: 'image/svg+xml',
};

/** What a file's name says of its type. */
function typeOf(filename: string): string {
  return TYPES[/\.(\w+)$/.exec(filename)?.[1]?.toLowerCase() ?? ''] ?? 'application/octet-stream';
}

function typeName(value: Json): string {
  if (value === null) return 'NoneType';
  if (Array.isArray(value)) return 'list';
  return typeof value === 'boolean' ? 'bool' : value instanceof Float || !Number.isInteger(value) ? 'float' : 'int';
}

/** A line that occurs in none of the parts. */
function boundaryFor(text: string): string {
  let boundary = '===============troupe';
  while (text.includes(boundary)) boundary += '=';
  return boundary;
}
