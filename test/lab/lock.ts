// One builder at a time on this machine, one change at a time per lab. The lock names its holder, so that the lock of a killed
// run is recognised and taken over.

import { linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { pause } from './command.ts';
import { isAlive, type ProcessRef, self } from './processes.ts';

const held = new Set<string>();

/** Runs `work` while holding the lock file; waits as long as another live process (or another call of this one) holds it. */
export async function locked<T>(path: string, work: () => Promise<T>): Promise<T> {
  mkdirSync(dirname(path), { recursive: true });
  while (!take(path)) await pause(50);
  try {
    return await work();
  } finally {
    held.delete(path);
    rmSync(path, { force: true });
  }
}

function take(path: string): boolean {
  if (held.has(path)) return false;
  const mine = `${path}.${process.pid}`;
  writeFileSync(mine, JSON.stringify(self()));
  try {
    // A link is made whole or not at all: nobody ever reads a half-written lock.
    linkSync(mine, path);
    held.add(path);
    return true;
  } catch {
    if (!isAlive(holder(path))) rmSync(path, { force: true });
    return false;
  } finally {
    rmSync(mine, { force: true });
  }
}

function holder(path: string): ProcessRef | undefined {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as ProcessRef;
  } catch {
    return undefined;
  }
}
