// What uri registers of an answer, and which answers make it fail.

import type { Json, JsonObject } from '../../../engine/model/value.ts';
import { ModuleFailure } from '../../../engine/module/contract.ts';

interface Wanted {
  readonly status_code: readonly number[];
  readonly return_content: boolean;
}

/** The registered data and the content. Throws ModuleFailure for a status that was not wanted. */
export function replyOf(
  reply: JsonObject,
  content: Uint8Array,
  wanted: Wanted,
): { data: JsonObject; content: Uint8Array } {
  const headers = headersOf(reply);
  const status = Number(reply['status']);
  const text = new TextDecoder().decode(content);
  const isError = status < 0 || status >= 300;
  const failure =
    status < 0 ? String(reply['msg'] ?? reply['reason'] ?? '') : `HTTP Error ${status}: ${String(reply['reason'])}`;
  const length = headers['content_length'] === undefined ? 'unknown' : String(headers['content_length']);
  const data: Record<string, Json> = {
    ...headers,
    ...(isError ? {} : cookies(headers['set_cookie'])),
    status,
    url: reply['url']!,
    redirected: reply['redirected']!,
    elapsed: reply['elapsed']!,
    msg: isError ? failure : `OK (${length} bytes)`,
  };
  const json = isJson(headers['content_type']) ? parse(text) : undefined;
  if (json !== undefined) data['json'] = json;
  if (wanted.return_content) data['content'] = text;
  if (!wanted.status_code.includes(status)) {
    const { msg: _, ...told } = data;
    throw new ModuleFailure(`Status code was ${status} and not [${wanted.status_code.join(', ')}]: ${failure}`, told);
  }
  if (isError) data['body'] = text;
  return { data, content };
}

/** Headers as keys: lower case, with underscores. */
function headersOf(reply: JsonObject): JsonObject {
  const headers = (reply['headers'] ?? {}) as JsonObject;
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name.replaceAll('-', '_').toLowerCase(), value]),
  );
}

function cookies(header: Json | undefined): JsonObject {
  const named: Record<string, string> = {};
  for (const cookie of typeof header === 'string' ? header.split(/,(?=\s*[^;,\s]+=)/) : []) {
    const [, name, value] = /^\s*([^=;]+)=([^;]*)/.exec(cookie) ?? [];
    if (name !== undefined) named[name] = value ?? '';
  }
  const text = Object.entries(named)
    .map(([name, value]) => `${name}=${value}`)
    .join('; ');
  return { cookies: named, cookies_string: text };
}

function isJson(type: Json | undefined): boolean {
  return /^(?:application|text)\/(?:[^;\s]*\+)?(?:json|javascript)\b/i.test(String(type ?? ''));
}

function parse(text: string): Json | undefined {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return undefined;
  }
}
