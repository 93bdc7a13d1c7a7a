// Retry files: the hosts that failed, one a line, for `--limit @FILE`; off unless a setting asks for them.

import { mkdirSync, writeFileSync } from 'node:fs';
import { basename, dirname, extname, join } from 'node:path';
import type { PlaybookRun } from '../execute/engine.ts';
import type { Tally } from '../report/tally.ts';
import type { SettingValues } from './setting-table.ts';

/** Writes one file a playbook where hosts failed. What to tell of each, one message a file. */
export function writeRetryFiles(
  settings: Pick<SettingValues, 'retryFilesEnabled' | 'retryFilesSavePath'>,
  playbooks: readonly Pick<PlaybookRun, 'file'>[],
  tally: Tally,
): readonly string[] {
  const hosts = tally.hosts().filter((host) => tally.of(host).failed + tally.of(host).unreachable > 0);
  if (!settings.retryFilesEnabled || hosts.length === 0) return [];
  return playbooks.map(({ file }) => {
    const folder = settings.retryFilesSavePath ?? dirname(file);
    const path = join(folder, `${basename(file, extname(file))}.retry`);
    try {
      mkdirSync(folder, { recursive: true });
      writeFileSync(path, hosts.map((host) => `${host}\n`).join(''));
      return `\tto retry, use: --limit @${path}`;
    } catch (error) {
      return `\tthe retry file ${path} could not be written: ${(error as Error).message}`;
    }
  });
}
