// The same contract where `sh` is another shell, and where the login shell is not one of POSIX or talks before it works.

import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, it } from 'vitest';
import { processTransport } from '../../engine/connection/process.ts';
import { loginLine, type Transport } from '../../engine/connection/transport.ts';
import { connectionContract } from './contract.ts';
import { plainSpec } from './sshd.ts';

const folder = mkdtempSync(join(tmpdir(), 'shells-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Like sshd: a login shell is given one line. */
function behind(shell: string, before = ''): Transport {
  return { dial: async () => processTransport((argv) => [shell, '-c', `${before}${loginLine(argv)}`]) };
}

function found(name: string): string | undefined {
  try {
    return execFileSync('sh', ['-c', `command -v ${name}`])
      .toString()
      .trim();
  } catch {
    return undefined;
  }
}

for (const name of ['dash', 'bash', 'busybox', 'mksh']) {
  const path = found(name);
  if (path === undefined) {
    describe(`with ${name} as sh`, () => it.skip(`needs ${name}`, () => {}));
    continue;
  }
  const link = join(folder, name === 'busybox' ? 'sh' : name);
  if (!existsSync(link)) symlinkSync(path, link);
  connectionContract(`${name} as sh`, { spec: () => plainSpec('local', { executable: link }) });
}

for (const [name, before] of [
  ['fish', ''],
  ['tcsh', ''],
  ['zsh', ''],
  ['sh', 'echo "Welcome to this host"; echo "warning: noisy" >&2; '],
] as const) {
  const path = found(name);
  const what = `a login shell ${name}${before === '' ? '' : ' that talks first'}`;
  if (path === undefined) describe(what, () => it.skip(`needs ${name}`, () => {}));
  else connectionContract(what, { spec: () => plainSpec('local'), transport: behind(path, before) });
}
