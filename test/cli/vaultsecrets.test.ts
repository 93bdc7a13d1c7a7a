import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { type VaultSources, vaultSecrets } from '../../engine/cli/vaultsecrets.ts';

const cwd = mkdtempSync(join(tmpdir(), 'troupe-vault-'));
afterAll(() => rmSync(cwd, { recursive: true, force: true }));

const write = (name: string, text: string, mode = 0o600): void => {
  writeFileSync(join(cwd, name), text);
  chmodSync(join(cwd, name), mode);
};
write('plain', '  secret one \n');
write('empty', '\n');
write('script', '#!/bin/sh\necho "of a script"\n', 0o700);
write('our-client.sh', '#!/bin/sh\necho "$@"\n', 0o700);
write('failing', '#!/bin/sh\necho why >&2; exit 3\n', 0o700);

const asked: string[] = [];
const secrets = (sources: Partial<VaultSources>, answer: string | undefined = 'typed') =>
  vaultSecrets(
    { ids: [], files: [], ask: false, label: 'default', ...sources },
    {
      cwd,
      prompt: async (text) => {
        asked.push(text);
        return answer;
      },
    },
  );

describe('vaultSecrets', () => {
  it('come from files, programs and the user, in order', async () => {
    const ids = ['plain', 'dev@script', 'prod@our-client.sh', 'ops@prompt'];
    expect(await secrets({ ids, files: ['plain'], ask: true })).toEqual([
      { id: 'default', password: 'secret one' },
      { id: 'dev', password: 'of a script' },
      { id: 'prod', password: '--vault-id prod' },
      { id: 'ops', password: 'typed' },
      { id: 'default', password: 'secret one' },
      { id: 'default', password: 'typed' },
    ]);
    expect(asked).toEqual(['Vault password (ops): ', 'Vault password: ']);
  });

  it.each([
    ['a file that is not there', { files: ['nope'] }, /^The vault password file .*nope was not found$/],
    ['an empty file', { files: ['empty'] }, /^Invalid vault password was provided from file \(.*empty\)$/],
    ['a program that fails', { ids: ['failing'] }, /^Vault password script .*failing returned non-zero \(3\): why$/],
    ['a folder', { files: ['.'] }, /^Could not read vault password file .*: EISDIR/],
  ])('refuse %s', async (_name, sources, message) => {
    await expect(secrets(sources)).rejects.toMatchObject({ message: expect.stringMatching(message), exitCode: 1 });
  });

  it('refuse to ask where nobody can answer', async () => {
    await expect(secrets({ ask: true }, '')).rejects.toThrow('Invalid vault password: it is empty');
    await expect(
      vaultSecrets(
        { ids: ['prompt'], files: [], ask: false, label: 'default' },
        { cwd, prompt: async () => undefined },
      ),
    ).rejects.toThrow('there is no terminal to ask at');
  });
});
