// `make pack`: the tarball that npm publishes, and a bundle with all dependencies in it that installs (or just unpacks) where
// there is no network. Both are proved by installing them in an empty folder, without any install script.

import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const top = dirname(dirname(fileURLToPath(import.meta.url)));
const { name, version } = JSON.parse(readFileSync(join(top, 'package.json'), 'utf8'));
const work = mkdtempSync(join(tmpdir(), 'pack-'));
const quiet = ['--no-audit', '--no-fund', '--loglevel=error', '--ignore-scripts'];

try {
  const tarball = join(top, `${name}-${version}.tgz`);
  npm(top, 'pack', ...quiet, '--pack-destination', top);
  prove(tarball, 'npm tarball', []);

  const bundle = join(top, `${name}-${version}-offline.tgz`);
  makeBundle(tarball, bundle);
  // An empty cache and --offline: whatever is not in the bundle cannot come from anywhere.
  prove(bundle, 'offline bundle', ['--offline', '--cache', join(work, 'no-cache')]);

  console.log(`\n${tarball}\n  npm install --ignore-scripts ${tarball}`);
  console.log(
    `${bundle}\n  npm install --offline --ignore-scripts ${bundle}\n  or: tar xzf ${bundle} && package/bin/troupe`,
  );
} finally {
  rmSync(work, { recursive: true, force: true });
}

/** The same package with its production dependencies inside. */
function makeBundle(tarball, bundle) {
  run(work, 'tar', 'xzf', tarball);
  const stage = join(work, 'package');
  cpSync(join(top, 'package-lock.json'), join(stage, 'package-lock.json'));
  // Optional dependencies are native speed-ups of ssh2: they would tie the bundle to one kind of machine.
  npm(stage, 'install', ...quiet, '--no-save', '--omit=dev', '--omit=optional');
  rmSync(join(stage, 'package-lock.json'));
  const manifest = JSON.parse(readFileSync(join(stage, 'package.json'), 'utf8'));
  delete manifest.devDependencies;
  manifest.bundleDependencies = Object.keys(manifest.dependencies);
  writeFileSync(join(stage, 'package.json'), `${JSON.stringify(manifest, undefined, 2)}\n`);
  npm(stage, 'pack', ...quiet, '--pack-destination', work);
  renameSync(join(work, `${name}-${version}.tgz`), bundle);
}

/** Installs a package in an empty folder and plays something with it. */
function prove(file, what, options) {
  const folder = mkdtempSync(join(work, 'empty-'));
  mkdirSync(join(folder, 'project'));
  writeFileSync(join(folder, 'package.json'), '{"private": true}\n');
  npm(folder, 'install', ...quiet, ...options, file);
  const play =
    '- hosts: localhost\n  gather_facts: false\n  tasks:\n    - command: echo played\n      register: said\n    - assert: { that: said.stdout == "played" }\n';
  writeFileSync(join(folder, 'project/play.yml'), play);
  const troupe = join(folder, 'node_modules/.bin/troupe');
  run(folder, troupe, '--version');
  run(join(folder, 'project'), troupe, 'playbook', '-i', 'localhost,', '-c', 'local', 'play.yml');
  console.log(`${what}: installs in an empty folder and plays`);
}

function npm(cwd, ...words) {
  run(cwd, 'npm', ...words);
}

/** Runs a program; its failure is ours, with all it said. */
function run(cwd, command, ...words) {
  const { status, stdout, stderr, error } = spawnSync(command, words, { cwd, encoding: 'utf8' });
  if (status === 0) return;
  console.error(`${command} ${words.join(' ')}: failed\n${stdout ?? ''}${stderr ?? ''}${error?.message ?? ''}`);
  rmSync(work, { recursive: true, force: true });
  process.exit(1);
}
