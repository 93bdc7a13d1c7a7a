// A folder of the controller as a source: files, folders, and links with what they lead to.

import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { localSource } from '../../engine/execute/sources.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'troupe-source-'));
  mkdirSync(join(folder, 'sub'));
  writeFileSync(join(folder, 'a'), 'one');
  writeFileSync(join(folder, 'sub/b'), 'two', { mode: 0o755 });
  symlinkSync('a', join(folder, 'file-link'));
  symlinkSync('sub', join(folder, 'folder-link'));
  symlinkSync('..', join(folder, 'sub/up'));
  symlinkSync('nowhere', join(folder, 'dangling'));
});
afterEach(() => rmSync(folder, { recursive: true }));

describe('localSource', () => {
  it('has everything beneath a folder, and ends where links go in a circle', async () => {
    const source = await localSource('tree/', folder);
    expect(source).toMatchObject({
      type: 'directory',
      path: `${folder}/`,
      entries: [
        { path: 'a', type: 'file', mode: '0644' },
        { path: 'dangling', type: 'link', target: 'nowhere' },
        { path: 'file-link', type: 'link', target: 'a', mode: '0644', source: { size: 3 } },
        {
          path: 'folder-link',
          type: 'link',
          target: 'sub',
          entries: [
            { path: 'folder-link/b', type: 'file', mode: '0755' },
            { path: 'folder-link/up', type: 'link', target: '..' },
          ],
        },
        { path: 'sub', type: 'directory' },
        { path: 'sub/b', type: 'file', mode: '0755', source: { size: 3 } },
        { path: 'sub/up', type: 'link', target: '..' },
      ],
    });
  });
});
