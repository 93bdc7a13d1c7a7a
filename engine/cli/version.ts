// What --version prints, and -vv as a heading: the layout of ansible-core's, since programs read its first lines.

import { readFileSync } from 'node:fs';
import { release } from 'node:os';
import { fileURLToPath } from 'node:url';
import type { LoadedSettings } from './settings.ts';

/** The ansible-core that troupe answers as. */
export const CORE_VERSION = '2.19.11';

/** Our own version, from package.json. */
export function troupeVersion(): string {
  for (const up of ['../../', '../../../']) {
    try {
      const text = readFileSync(fileURLToPath(new URL(`${up}package.json`, import.meta.url)), 'utf8');
      const { name, version } = JSON.parse(text) as { name?: string; version?: string };
      if (name === 'troupe' && version !== undefined) return version;
    } catch {
      // Built code lies one folder deeper.
    }
  }
  return 'unknown';
}

/** All lines, newline at the end. */
export function versionText(program: string, loaded: LoadedSettings): string {
  const { values, file } = loaded;
  return [
    `${program} [core ${CORE_VERSION}]`,
    `  troupe version = ${troupeVersion()}`,
    `  config file = ${file ?? 'None'}`,
    `  configured module search path = [${values.library.map((path) => `'${path}'`).join(', ')}]`,
    `  ansible collection location = ${values.collectionsPath.join(':')}`,
    `  executable location = ${process.argv[1] ?? ''}`,
    `  node version = ${process.versions.node} (${process.platform} ${release()})`,
    '',
  ].join('\n');
}
