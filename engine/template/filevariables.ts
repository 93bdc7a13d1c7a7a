// What a template file may say of itself: where it is, from when, and that it is managed.

import { statSync } from 'node:fs';
import { hostname } from 'node:os';
import type { Value } from '../model/value.ts';
import { accountName } from './accounts.ts';
import { currentDateTime, formatSeconds } from './python/datetime.ts';

export interface TemplateFile {
  /** As it was named. */
  readonly name: string;
  /** Where it was found. */
  readonly path: string;
  /** Where its text goes, if it goes to a file. */
  readonly destination: string | null;
  /** What `ansible_managed` says. */
  readonly managed: string;
}

/** The variables that lie over all others in the file; `managed` may name `{host}`, `{uid}`, `{file}` and marks of strftime. */
export function fileVariables({ name, path, destination, managed }: TemplateFile): Map<Value, Value> {
  const info = statSync(path, { throwIfNoEntry: false });
  const [host, owner, time] = [
    hostname(),
    accountName('passwd', info?.uid ?? process.getuid?.() ?? 0),
    info?.mtimeMs ?? Date.now(),
  ];
  const text = managed.replaceAll('{host}', host).replaceAll('{uid}', String(owner)).replaceAll('{file}', path);
  return new Map<Value, Value>([
    ['ansible_managed', text.includes('%') ? formatSeconds(text, time / 1000, false) : text],
    ['template_host', host],
    ['template_uid', owner],
    ['template_path', name],
    ['template_fullpath', path],
    ['template_destpath', destination],
    ['template_mtime', currentDateTime(false, time)],
    ['template_run_date', currentDateTime(false)],
  ]);
}
