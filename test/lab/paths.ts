// Where the lab keeps what it makes: one folder for the shared cache (base, layers, package pool), one per lab.

import { createHash } from 'node:crypto';
import { chmodSync, lstatSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

const usual = '/var/tmp/troupe-lab';

/** The folder of all labs: TROUPE_LAB_DIR, or /var/tmp/troupe-lab. */
export const labFolder = process.env['TROUPE_LAB_DIR'] ?? usual;

/** What is built once and shared by all labs. */
export const cacheFolder = join(labFolder, 'cache');

/** The offline package pool, bound read-only into every host at `poolMount`. */
export const poolFolder = join(cacheFolder, 'pool');
export const poolMount = '/srv/lab-pool';

/** Files handed to all hosts of a lab: `srv` of the lab's folder, bound read-only here. */
export const shareMount = '/srv/lab';

/** The folder of one lab. */
export function folderOf(name: string): string {
  return join(labFolder, 'labs', name);
}

/** The name of a lab's namespaces and machines on this machine; two state folders never share one. */
export function tagOf(name: string): string {
  const mark = labFolder === usual ? '' : createHash('sha1').update(labFolder).digest('hex').slice(0, 4);
  return `troupe${mark}-${name}`;
}

/** Writes a small file whole: beside, then renamed over; a link in its place is replaced, folders are made. */
export function put(path: string, text: string | Uint8Array, mode = 0o644): void {
  mkdirSync(dirname(path), { recursive: true });
  const side = `${path}.new`;
  writeFileSync(side, text);
  chmodSync(side, mode);
  renameSync(side, path);
}

/** Removes a file or folder that may not be there. */
export function remove(path: string): void {
  rmSync(path, { recursive: true, force: true });
}

/** Whether there is anything at a path, a dangling link included. */
export function isThere(path: string): boolean {
  try {
    lstatSync(path);
    return true;
  } catch {
    return false;
  }
}
