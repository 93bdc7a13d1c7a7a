// Settings: where they are looked for, which wins, and what is refused.

import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseIni } from '../../engine/cli/ini.ts';
import { writeRetryFiles } from '../../engine/cli/retry.ts';
import { SETTINGS } from '../../engine/cli/setting-table.ts';
import { loadSettings } from '../../engine/cli/settings.ts';
import { Tally } from '../../engine/report/tally.ts';
import { finished, outcome, task } from '../report/recorded-run.ts';

let top = '';
let serial = 0;
beforeAll(() => {
  top = mkdtempSync(join(tmpdir(), 'troupe-settings-'));
});
afterAll(() => rmSync(top, { recursive: true, force: true }));

function folder(text?: string, mode = 0o755): string {
  const path = join(top, String(serial++));
  mkdirSync(path);
  if (text !== undefined) writeFileSync(join(path, 'ansible.cfg'), text);
  chmodSync(path, mode);
  return path;
}

const env = (more: Record<string, string> = {}) => ({ HOME: top, ...more });

describe('precedence', () => {
  it('takes defaults', () => {
    const { values, file } = loadSettings(env(), folder());
    expect(values).toMatchObject({
      forks: 5,
      timeout: 10,
      gathering: 'implicit',
      hostKeyChecking: true,
      remoteUser: undefined,
    });
    expect(values.rolesPath[0]).toBe(join(top, '.ansible/roles'));
    expect(file === undefined || file === '/etc/ansible/ansible.cfg').toBe(true);
  });
  it('lets the file win over defaults and the environment over the file', () => {
    const cwd = folder('[defaults]\nforks = 7\nremote_user: admin\n[ssh_connection]\nretries=3\n');
    expect(loadSettings(env(), cwd).values).toMatchObject({ forks: 7, remoteUser: 'admin', retries: 3 });
    const { values, origins } = loadSettings(env({ ANSIBLE_FORKS: '9' }), cwd);
    expect(values.forks).toBe(9);
    expect(origins.get('forks')).toBe('env: ANSIBLE_FORKS');
  });
  it('takes paths from the folder of the file', () => {
    const cwd = folder('[defaults]\nroles_path = roles:~/r:/abs\ninventory = hosts,more\n');
    const { values } = loadSettings(env(), cwd);
    expect(values.rolesPath).toEqual([join(cwd, 'roles'), join(top, 'r'), '/abs']);
    expect(values.inventory).toEqual([join(cwd, 'hosts'), join(cwd, 'more')]);
  });
  it('names another file by ANSIBLE_CONFIG', () => {
    const other = folder('[defaults]\nforks=3\n');
    expect(
      loadSettings(env({ ANSIBLE_CONFIG: join(other, 'ansible.cfg') }), folder('[defaults]\nforks=4\n')).values.forks,
    ).toBe(3);
    expect(loadSettings(env({ ANSIBLE_CONFIG: other }), folder()).values.forks).toBe(3);
  });
  it('passes a world-writable folder by, with a warning', () => {
    const loaded = loadSettings(env(), folder('[defaults]\nforks=3\n', 0o777));
    expect(loaded.values.forks).toBe(5);
    expect(loaded.warnings[0]?.message).toMatch(/writable by everybody/);
  });
});

describe('values', () => {
  it.each(['yes', 'On', '1', 'true', 'T', 'y'])('%s is true', (text) =>
    expect(loadSettings(env({ ANSIBLE_BECOME: text }), folder()).values.become).toBe(true),
  );
  it('counts what is no bool as false, with a warning', () => {
    const { values, warnings } = loadSettings(env({ ANSIBLE_HOST_KEY_CHECKING: 'maybe' }), folder());
    expect(values.hostKeyChecking).toBe(false);
    expect(warnings[0]?.message).toContain("'maybe' counts as false");
  });
  it.each([
    ['[defaults]\nforks = many\n', /DEFAULT_FORKS.*no whole number/],
    ['[defaults]\ngathering = zz\n', /DEFAULT_GATHERING.*'zz'/],
    ['[colors]\nok = pink\n', /COLOR_OK.*pink/],
    ['forks = 3\n', /no section header/],
  ])('refuses %j', (text, message) => expect(() => loadSettings(env(), folder(text))).toThrow(message));
  it('warns of what is not supported yet, and of nothing that has no meaning', () => {
    const { warnings } = loadSettings(
      env(),
      folder('[defaults]\nlog_path = /tmp/x\nnocows = 1\n[ssh_connection]\npipelining = true\n'),
    );
    expect(warnings.map(({ message }) => message)).toEqual([expect.stringContaining('DEFAULT_LOG_PATH')]);
  });
  it('reads comments, continuation lines and quotes', () => {
    const ini = parseIni("# c\n[a]\nk = v ; c\n; c\nlong = one\n  two\nq: 'x y'\n", 'f');
    expect([...ini.get('a')!].map(([key, { value }]) => [key, value])).toEqual([
      ['k', 'v'],
      ['long', 'one\ntwo'],
      ['q', "'x y'"],
    ]);
  });
});

it('documents every setting once', () => {
  const ids = Object.values(SETTINGS).map(({ id }) => id);
  expect(new Set(ids).size).toBe(ids.length);
  for (const { doc, env: names } of Object.values(SETTINGS)) {
    expect(doc).toMatch(/\.$/);
    for (const name of names) expect(name).toMatch(/^[A-Z0-9_]+$/);
  }
});

it('writes retry files where they are asked for', () => {
  const tally = new Tally();
  for (const host of ['b', 'a'])
    tally.hear(finished(outcome(task('t', 1), { status: 'failed', failure: { message: 'x' } }, {}, { host })));
  const cwd = folder();
  const playbooks = [{ file: join(cwd, 'site.yml') }];
  expect(writeRetryFiles({ retryFilesEnabled: false, retryFilesSavePath: undefined }, playbooks, tally)).toEqual([]);
  expect(writeRetryFiles({ retryFilesEnabled: true, retryFilesSavePath: undefined }, playbooks, tally)).toEqual([
    `\tto retry, use: --limit @${join(cwd, 'site.retry')}`,
  ]);
});
