// Builds the stand-in all-in-one package from the files beside it, with zip and tar only: the layout and the behaviour towards
// its surroundings are those of the real package, the inside is a few hundred lines of our own.

import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { run } from '../lab/command.ts';
import { remove } from '../lab/paths.ts';
import { ensureTools } from '../lab/tools.ts';

export interface StandInPackage {
  readonly path: string;
  readonly version: string;
  /** Of the whole package, in hex. */
  readonly sha256: string;
}

/** The folder inside the Tomcat zip, and the zip's name without `.zip`. */
export const standInTomcat = 'apache-tomcat-0.0.0';

/** Builds `zstack-all-in-one-VERSION.tgz` in a folder; equal files give an equal package. Installs zip when it is missing. */
export async function buildStandIn(folder: string, version = '0.7.1'): Promise<StandInPackage> {
  await ensureTools(() => undefined);
  const work = mkdtempSync(join(tmpdir(), 'standin-'));
  try {
    await zipTomcat(work);
    await zipWar(work, version);
    writeFileSync(join(work, 'VERSION'), `${version}\n`);
    const files = ['VERSION', `${standInTomcat}.zip`, 'zstack.war'];
    const sums = files.map((file) => `${sha256(join(work, file))}  ${file}\n`);
    writeFileSync(join(work, 'SHA256SUMS'), sums.join(''));
    mkdirSync(folder, { recursive: true });
    const path = join(folder, `zstack-all-in-one-${version}.tgz`);
    const even = ['--sort=name', '--mtime=2015-07-09 00:00Z', '--owner=0', '--group=0', '--numeric-owner'];
    await run(['tar', ...even, '-C', work, '-czf', path, 'SHA256SUMS', ...files], {
      env: { ...process.env, GZIP: '-n' },
    });
    return { path, version, sha256: sha256(path) };
  } finally {
    remove(work);
  }
}

async function zipTomcat(work: string): Promise<void> {
  const root = join(work, standInTomcat);
  cpSync(join(sources(), 'tomcat'), root, { recursive: true });
  for (const empty of ['logs', 'temp', 'webapps', 'work', 'lib']) mkdirSync(join(root, empty));
  await zip(work, `${standInTomcat}.zip`, standInTomcat);
}

async function zipWar(work: string, version: string): Promise<void> {
  const root = join(work, 'war');
  cpSync(join(sources(), 'war'), root, { recursive: true });
  writeFileSync(join(root, 'WEB-INF/classes/VERSION'), `${version}\n`);
  mkdirSync(join(root, 'static/pypi/simple'), { recursive: true });
  await zip(root, '../zstack.war', '.');
}

/** Zips with equal times, so that the bytes depend on the content only. */
async function zip(cwd: string, archive: string, what: string): Promise<void> {
  await run(['find', what, '-exec', 'touch', '-h', '-d', '2015-07-09T00:00:00Z', '{}', '+'], { cwd });
  await run(['sh', '-c', `find ${what} | LC_ALL=C sort | zip -q -X -@ ${archive}`], {
    cwd,
    env: { ...process.env, TZ: 'UTC' },
  });
}

/** The stand-in's files: beside this file, or in the source tree when this is the built copy of it. */
function sources(): string {
  const candidates = ['standin', '../../../test/zstack/standin'].map((path) => join(import.meta.dirname, path));
  const found = candidates.find((path) => existsSync(path));
  if (found === undefined) throw new Error(`the stand-in's files are not in ${candidates.map(dirname).join(' or ')}`);
  return found;
}

function sha256(path: string): string {
  return createHash('sha256').update(readFileSync(path)).digest('hex');
}
