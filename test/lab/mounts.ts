// Overlay mounts: a host's root is a fresh writable layer over shared read-only ones.

import { mkdirSync, readFileSync } from 'node:fs';
import { run } from './command.ts';

/** Whether something is mounted exactly there. */
export function isMounted(path: string): boolean {
  return readFileSync('/proc/self/mountinfo', 'utf8')
    .split('\n')
    .some((line) => line.split(' ')[4] === path);
}

/** Mounts an overlay; `lower` topmost first; the folders of the writable part are made. */
export async function mountOverlay(at: string, lower: readonly string[], upper: string, work: string): Promise<void> {
  for (const folder of [at, upper, work]) mkdirSync(folder, { recursive: true });
  const options = `lowerdir=${lower.join(':')},upperdir=${upper},workdir=${work}`;
  await run(['mount', '-t', 'overlay', 'overlay', '-o', options, at]);
}

/** Mounts a tmpfs of a size such as `3g`. */
export async function mountTmpfs(at: string, size: string, label: string): Promise<void> {
  mkdirSync(at, { recursive: true });
  await run(['mount', '-t', 'tmpfs', '-o', `mode=755,size=${size}`, label, at]);
}

/** Takes away whatever is mounted there, also when it is in use. */
export async function unmount(path: string): Promise<void> {
  while (isMounted(path)) await run(['umount', '-l', path]);
}
