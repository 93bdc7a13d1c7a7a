// The lookup `filetree` of community.general: every file, folder and link beneath, as with_filetree loops over them.

import { lstatSync, readlinkSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Value } from '../../model/value.ts';
import { float } from '../../model/value.ts';
import { accountName } from '../accounts.ts';
import { pathOf } from '../filters/paths.ts';
import { globSync } from '../glob.ts';
import type { Lookup } from '../library.ts';
import { locate } from './place.ts';

export const filetree: Lookup = {
  options: {},
  run(terms, _options, env) {
    const seen = new Map<string, Value>();
    for (const term of terms) {
      const root = locate(env, pathOf(term).replace(/\/$/, ''), ['files']);
      if (root === undefined || !statSync(root).isDirectory()) continue;
      const options = { cwd: root, dot: true, onlyFiles: false, followSymbolicLinks: false };
      for (const path of globSync('**', options).sort()) if (!seen.has(path)) seen.set(path, entry(root, path));
    }
    return [...seen.values()];
  },
};

function entry(root: string, path: string): Value {
  const full = join(root, path);
  const info = lstatSync(full);
  const state = info.isSymbolicLink() ? 'link' : info.isDirectory() ? 'directory' : 'file';
  const src = state === 'link' ? readlinkSync(full) : full;
  return new Map<Value, Value>([
    ['path', path],
    ['root', `${root}/`],
    ...(state === 'directory' ? [] : ([['src', src]] as const)),
    ['state', state],
    ['mode', `0${(info.mode & 0o7777).toString(8).padStart(3, '0')}`],
    ['owner', accountName('passwd', info.uid)],
    ['group', accountName('group', info.gid)],
    ['uid', info.uid],
    ['gid', info.gid],
    ['size', info.size],
    ['mtime', float(info.mtimeMs / 1000)],
    ['ctime', float(info.ctimeMs / 1000)],
  ]);
}
