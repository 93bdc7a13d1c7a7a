// What uri sends: a body in the format that was asked for, with the content type that goes with it.

import type { Json, JsonObject } from '../../../engine/model/value.ts';
import { ModuleFailure } from '../../../engine/module/contract.ts';
import { toText } from '../../../engine/module/schema.ts';
import { pythonJson } from '../json.ts';

export interface RequestBody {
  readonly text: string | undefined;
  readonly type: string | undefined;
}

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
        type: 'application/x-www-form-urlencoded',
      };
    case 'form-multipart':
      return multipart(body);
    case 'raw':
      // What Python's urllib says of a body about which nothing was said.
      return { text: toText(body), type: 'application/x-www-form-urlencoded' };
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
  const head = `Content-Disposition: form-data; name=${quoted(name)}`;
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return `${head}\r\nContent-Type: text/plain\r\n\r\n${toText(value)}`;
  }
  const { content, filename, mime_type: type } = value as JsonObject;
  if (content === undefined || content === null) {
    throw new ModuleFailure(
      `uri: the part '${name}' of a multipart form needs its content; reading '${toText(filename ?? '')}' is not supported`,
    );
  }
  const file = filename === undefined || filename === null ? '' : `; filename=${quoted(toText(filename))}`;
  return `${head}${file}\r\nContent-Type: ${toText(type ?? 'text/plain')}\r\n\r\n${toText(content)}`;
}

/** A line that occurs in none of the parts. */
function boundaryFor(text: string): string {
  let boundary = '===============troupe';
  while (text.includes(boundary)) boundary += '=';
  return boundary;
}
