// What a program says of itself: JSON on its standard output, perhaps among lines that are none.

import { ModuleFailure } from '../model/errors.ts';
import { Float, type Json, type JsonObject, setOwn } from '../model/value.ts';

export interface Said {
  readonly rc: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** The result in a program's output. Throws ModuleFailure when there is none, or when it tells of a failure. */
export function readAnswer(said: Said, interpreter: string | undefined): JsonObject {
  const { result, junk } = parsed(said, interpreter);
  const data: Record<string, Json> = { ...(withoutInternals(result) as JsonObject) };
  if (junk !== '')
    data['warnings'] = [...listOf(data['warnings']), `Module invocation had junk after the JSON data: ${junk}`];
  for (const stream of ['stdout', 'stderr'] as const) {
    const text = data[stream];
    if (typeof text === 'string' && data[`${stream}_lines`] === undefined) data[`${stream}_lines`] = linesOf(text);
  }
  if (data['failed'] === undefined && data['rc'] !== undefined && Number(data['rc']) !== 0) data['failed'] = true;
  if (data['failed'] !== true) return data;
  throw new ModuleFailure(
    typeof data['msg'] === 'string' ? data['msg'] : 'Task failed: Action failed: Unknown error.',
    data,
  );
}

/** What Ansible told the program for itself is no result, however deep it comes back. */
function withoutInternals(value: Json): Json {
  if (Array.isArray(value)) return value.map(withoutInternals);
  if (value === null || typeof value !== 'object' || value instanceof Float) return value;
  const rest: Record<string, Json> = {};
  for (const [key, item] of Object.entries(value as JsonObject))
    if (!key.startsWith('_ansible_')) setOwn(rest, key, withoutInternals(item));
  return rest;
}

/** The lines from the first that starts an object or a list to the last that ends it. */
function parsed(said: Said, interpreter: string | undefined): { result: JsonObject; junk: string } {
  const lines = said.stdout.split('\n');
  const start = lines.findIndex((line) => /^\s*[{[]/.test(line));
  if (start < 0) throw unreadable(said, interpreter, 'No start of json char found');
  const close = lines[start]!.trimStart().startsWith('{') ? '}' : ']';
  let end = lines.length - 1;
  while (end > start && !lines[end]!.trimEnd().endsWith(close)) end--;
  const junk = lines
    .slice(end + 1)
    .join('\n')
    .trim();
  try {
    const result = JSON.parse(lines.slice(start, end + 1).join('\n')) as Json;
    if (result !== null && typeof result === 'object' && !Array.isArray(result))
      return { result: result as JsonObject, junk };
  } catch {
    throw unreadable(said, interpreter, 'it is no JSON');
  }
  throw unreadable(said, interpreter, 'it is no dictionary');
}

function unreadable(said: Said, interpreter: string | undefined, reason: string): ModuleFailure {
  const missing = said.rc === 127 && interpreter !== undefined;
  const message = missing
    ? `The module interpreter '${interpreter}' was not found.`
    : `Module result deserialization failed: ${reason}`;
  return new ModuleFailure(message, { module_stdout: said.stdout, module_stderr: said.stderr, rc: said.rc });
}

function listOf(value: Json | undefined): readonly Json[] {
  return Array.isArray(value) ? value : [];
}

function linesOf(text: string): readonly string[] {
  return text === '' ? [] : text.replace(/\n$/, '').split('\n');
}
