// The one place that makes Ansible's loose result dict: what `register` holds, reports show and callbacks write.

import type { Diff, Diffs } from '../model/resource.ts';
import type { TaskResult } from '../model/result.ts';
import { type Json, type JsonObject, setOwn } from '../model/value.ts';

/** A failed result has the key; there is never a Python traceback to tell. */
export const NO_TRACE = '(traceback unavailable)';

/** Mirrors the dict that ansible-core registers for a result of this outcome. */
export function asRegistered(result: TaskResult): JsonObject {
  const dict: Record<string, Json> = {};
  for (const [key, value] of Object.entries(result.data)) setOwn(dict, key, value);
  switch (result.status) {
    case 'ok':
      dict['changed'] ??= false;
      break;
    case 'changed':
      dict['changed'] = true;
      break;
    case 'skipped':
      dict['changed'] = false;
      dict['skipped'] = true;
      // A module that skips says why in its own message.
      if (result.data['false_condition'] !== undefined) dict['skip_reason'] ??= result.reason;
      break;
    case 'failed':
      dict['failed'] = true;
      dict['changed'] ??= result.changes.length > 0;
      dict['msg'] ??= result.failure.message;
      dict['exception'] ??= NO_TRACE;
      break;
    case 'unreachable':
      dict['unreachable'] = true;
      dict['changed'] = result.changes.length > 0;
      dict['msg'] ??= result.failure.message;
      dict['exception'] ??= NO_TRACE;
      break;
  }
  if (result.status !== 'skipped' && result.status !== 'unreachable') dict['failed'] ??= false;
  for (const stream of ['stdout', 'stderr']) {
    const text = dict[stream];
    if (typeof text === 'string' && dict[`${stream}_lines`] === undefined) dict[`${stream}_lines`] = splitLines(text);
  }
  if (result.warnings !== undefined && result.warnings.length > 0) dict['warnings'] = result.warnings;
  const { diffs } = result;
  if (isList(diffs)) {
    if (diffs.length > 0) dict['diff'] = diffs.map(asDiff);
  } else if (diffs !== undefined) dict['diff'] = asDiff(diffs);
  return dict;
}

function isList(diffs: Diffs | undefined): diffs is readonly Diff[] {
  return Array.isArray(diffs);
}

function asDiff(diff: Diff): JsonObject {
  const dict: Record<string, Json> = {};
  if (diff.before !== undefined) dict['before'] = diff.before;
  if (diff.after !== undefined) dict['after'] = diff.after;
  if (diff.beforeHeader !== undefined) dict['before_header'] = diff.beforeHeader;
  if (diff.afterHeader !== undefined) dict['after_header'] = diff.afterHeader;
  if (diff.prepared !== undefined) dict['prepared'] = diff.prepared;
  if (diff.skipped === 'dst_binary') dict['dst_binary'] = 1;
  else if (diff.skipped === 'src_binary') dict['src_binary'] = 1;
  else if (diff.skipped !== undefined) dict['dst_larger'] = diff.skipped.larger;
  return dict;
}

/** Python's str.splitlines() for the line ends that programs print. */
export function splitLines(text: string): string[] {
  if (text === '') return [];
  const lines = text.split(/\r\n|[\n\r\v\f\x1c-\x1e\x85\u2028\u2029]/);
  if (lines.at(-1) === '') lines.pop();
  return lines;
}
