// A git repository for playbooks to deploy from: handed to the hosts as a folder, so that no server is needed.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { run } from './command.ts';

/** Makes a bare repository with one commit, one program (`app`) and no tags. Throws LabError. */
export async function makeRepository(path: string): Promise<void> {
  const work = mkdtempSync(join(tmpdir(), 'troupe-repository-'));
  try {
    const git = (...words: string[]): Promise<unknown> =>
      run(['git', '-C', work, '-c', 'user.name=t', '-c', 'user.email=t@localhost', ...words]);
    writeFileSync(join(work, 'app'), '#!/bin/sh\n', { mode: 0o755 });
    await git('init', '-q');
    await git('add', '.');
    await git('commit', '-q', '-m', 'first');
    await git('clone', '-q', '--bare', '.', path);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}
