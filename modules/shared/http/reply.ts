// What uri registers of an answer, and which answers make it fail.

import type { Json, JsonObject } from '../../../engine/model/value.ts';
import { ModuleFailure } from '../../../engine/module/contract.ts';
import { readJson } from '../json.ts';

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
  const text = textOf(content, headers['content_type']);
  const isError = status < 0 || status >= 300;
  const failure = status < 0 ? String(reply['msg'] ?? '') : `HTTP Error ${status}: ${String(reply['reason'])}`;
  const length = headers['content_length'] === undefined ? 'unknown' : String(headers['content_length']);
  const data: Record<string, Json> = {
    ...headers,
    ...(isError ? {} : cookies((reply['cookies'] ?? {}) as JsonObject)),
    status,
    url: reply['url']!,
    redirected: reply['redirected']!,
    elapsed: reply['elapsed']!,
    msg: isError ? failure : `OK (${length} bytes)`,
  };
  const json = isJson(headers['content_type']) ? readJson(text) : undefined;
  if (json !== undefined) data['json'] = json;
  if (wanted.return_content) data['content'] = text;
  if (!wanted.status_code.includes(status)) {
    const { msg, ...told } = data;
    throw new ModuleFailure(`Status code was ${status} and not [${wanted.status_code.join(', ')}]: ${msg}`, told);
  }
  if (!isError || status < 0) return { data, content };
  // Of an error that is wanted the text is read already: what is written of it is empty.
  return { data: wanted.return_content ? data : { ...data, body: text }, content: new Uint8Array() };
}

/** Text in the charset that the answer names; UTF-8 where it names none that is known. */
function textOf(content: Uint8Array, type: Json | undefined): string {
  const label = /;\s*charset=["']?([^\s;"']+)/i.exec(String(type ?? ''))?.[1] ?? 'utf-8';
  try {
    return new TextDecoder(label).decode(content);
  } catch {
    return new TextDecoder().decode(content);
  }
}

/** Headers as keys: lower case, with underscores. */
function headersOf(reply: JsonObject): JsonObject {
  const headers = (reply['headers'] ?? {}) as JsonObject;
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name.replaceAll('-', '_').toLowerCase(), value]),
  );
}

function cookies(named: JsonObject): JsonObject {
  const text = Object.entries(named)
    .map(([name, value]) => `${name}=${value}`)
    .join('; ');
  return { cookies: named, cookies_string: text };
}

function isJson(type: Json | undefined): boolean {
  return /^(?:application|text)\/(?:[^;\s]*\+)?(?:json|javascript)\b/i.test(String(type ?? ''));
}
