// What a template file may say of itself: where it is, from when, and that it is managed.

import { statSync } from 'node:fs';
import { hostname, userInfo } from 'node:os';
import type { Value } from '../model/value.ts';
import { currentDateTime } from './python/datetime.ts';

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

/** The variables that lie over all others in the file. */
export function fileVariables({ name, path, destination, managed }: TemplateFile): Map<Value, Value> {
  const info = statSync(path, { throwIfNoEntry: false });
  return new Map<Value, Value>([
    ['ansible_managed', managed],
    ['template_host', hostname()],
    ['template_uid', ownerOf(info?.uid ?? process.getuid?.() ?? 0)],
    ['template_path', name],
    ['template_fullpath', path],
    ['template_destpath', destination],
    ['template_mtime', currentDateTime(false, info?.mtimeMs ?? Date.now())],
    ['template_run_date', currentDateTime(false)],
  ]);
}

/** The owner's name where it is known without asking around, else the number. */
function ownerOf(uid: number): string | number {
  try {
    const user = userInfo();
    return user.uid === uid ? user.username : uid;
  } catch {
    return uid;
  }
}
