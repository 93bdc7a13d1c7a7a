// Builds dist/: generates modules/index.ts where its generator is, then emits JavaScript with tsc.

import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const top = dirname(dirname(fileURLToPath(import.meta.url)));

const generator = join(top, 'scripts/modules.mjs');
if (existsSync(generator)) run('node', generator);
// Built aside and put in place whole: a command that runs meanwhile keeps its files, and what a deleted source once became is gone.
const [dist, next, old] = ['dist', 'dist.next', 'dist.old'].map((name) => join(top, name));
const tsc = join(top, 'node_modules/typescript/bin/tsc');
for (const leftover of [next, old]) rmSync(leftover, { recursive: true, force: true });
run('node', tsc, '--project', join(top, 'tsconfig.json'), '--incremental', 'false', '--outDir', next);
// Data goes along with the code that reads it.
cpSync(join(top, 'engine'), join(next, 'engine'), {
  recursive: true,
  filter: (path) => !/\.[^./]+$/.test(path) || path.endsWith('.json'),
});
if (existsSync(dist)) renameSync(dist, old);
renameSync(next, dist);
rmSync(old, { recursive: true, force: true });

/** Runs a program with this process' own terminal; its failure is ours. */
function run(command, ...words) {
  const { status } = spawnSync(command === 'node' ? process.execPath : command, words, { cwd: top, stdio: 'inherit' });
  if (status !== 0) process.exit(status ?? 1);
}
