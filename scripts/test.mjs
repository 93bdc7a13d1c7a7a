// `make test`: everything that guards a change, one after another, with one line at the end that counts. `--all` adds
// what takes longer.

import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { providePrograms } from './programs.mjs';

const top = dirname(dirname(fileURLToPath(import.meta.url)));
const all = process.argv.includes('--all');
const reports = mkdtempSync(join(tmpdir(), 'troupe-test-'));
let passed = 0;
let failed = 0;
let skipped = 0;

step('build', 'node', ['scripts/build.mjs']);
step('types', 'npx', ['tsc', '--noEmit']);
step('format and style', 'npx', ['biome', 'check', '.']);
providePrograms(all);
suite('unit and case tests', 'vitest.config.ts');
console.log(
  '\nTests on real hosts follow. As root on Debian or Ubuntu they install, where missing: debootstrap, systemd-container, iproute2, openssh-client, attr, git, zip; elsewhere they are skipped by name.',
);
suite('tests on real hosts', 'test/lab/vitest.config.ts');

rmSync(reports, { recursive: true, force: true });
console.log(`\n${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`);
process.exitCode = failed > 0 ? 1 : 0;

/** A step that is right or wrong as a whole. */
function step(name, command, words) {
  console.log(`\n== ${name}`);
  const { status } = spawnSync(command, words, { cwd: top, stdio: 'inherit' });
  if (status === 0) passed++;
  else {
    failed++;
    console.error(`${name}: failed`);
  }
}

/** A suite of tests, counted one by one. */
function suite(name, config) {
  console.log(`\n== ${name}`);
  const report = join(reports, `${config.replaceAll('/', '-')}.json`);
  const words = [
    'vitest',
    'run',
    '--config',
    config,
    '--reporter=dot',
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${report}`,
  ];
  const { status } = spawnSync('npx', words, {
    cwd: top,
    stdio: 'inherit',
    env: { ...process.env, TROUPE_ALL: all ? '1' : '' },
  });
  if (!existsSync(report)) {
    failed++;
    return;
  }
  const counts = JSON.parse(readFileSync(report, 'utf8'));
  passed += counts.numPassedTests;
  failed += counts.numFailedTests + (status !== 0 && counts.numFailedTests === 0 ? 1 : 0);
  skipped += counts.numPendingTests;
  for (const file of counts.testResults) {
    for (const test of file.assertionResults) if (test.status === 'failed') console.error(`failed: ${test.fullName}`);
  }
}
