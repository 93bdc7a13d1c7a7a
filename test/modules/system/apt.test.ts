// What apt-get and .deb files say, read into changes and what they bring; recorded outputs.

import { describe, expect, it } from 'vitest';
import { bringsOf, type DebContents } from '../../../modules/shared/apt/brings.ts';
import { accounts, madeByScript, overrides } from '../../../modules/shared/apt/maintainer.ts';
import { parseSimulation, unknownNames, unknownVersions } from '../../../modules/shared/apt/simulation.ts';
import { compareVersions, parseSpec, versionMatches } from '../../../modules/shared/apt/specs.ts';

describe('package specs', () => {
  it.each([
    ['nginx', { name: 'nginx', operator: undefined, version: undefined, wild: false }],
    ['nginx=1.2*', { name: 'nginx', operator: '=', version: '1.2*', wild: false }],
    ['nginx>=1.2', { name: 'nginx', operator: '>=', version: '1.2', wild: false }],
    ['libfoo*', { name: 'libfoo*', operator: undefined, version: undefined, wild: true }],
  ])('%s', (text, wanted) => expect(parseSpec(text)).toEqual({ text, ...wanted }));

  it.each([
    ['1.0', '1.0', 0],
    ['1.0~rc1', '1.0', -1],
    ['1.10', '1.9', 1],
    ['1:0.1', '2.0', 1],
    ['1.0-2', '1.0-10', -1],
    ['1.0+b1', '1.0', 1],
  ])('%s against %s', (a, b, order) => expect(Math.sign(compareVersions(a, b))).toBe(order));

  it('matches versions with wildcards', () => {
    expect(versionMatches('1.24.0-2', '1.24*')).toBe(true);
    expect(versionMatches('1x24.0', '1.24*')).toBe(false);
  });
});

describe('simulation', () => {
  const output = `Inst libgdbm6 (1.23-3 localhost [amd64])
Inst gawk [1:5.1-1] (1:5.2.1-2 Debian:12.5/stable [amd64]) []
Conf gawk (1:5.2.1-2 localhost [amd64])
Inst libc6:i386 (2.36-9 Debian:12 [i386])
Remv cron [3.0pl1-162]
Purg telnet [0.1]`;

  it('reads what comes, what changes and what goes', () => {
    expect(parseSimulation(output)).toEqual([
      { name: 'libgdbm6', arch: 'amd64', from: undefined, to: '1.23-3' },
      { name: 'gawk', arch: 'amd64', from: '1:5.1-1', to: '1:5.2.1-2' },
      { name: 'libc6', arch: 'i386', from: undefined, to: '2.36-9' },
      { name: 'cron', arch: '', from: '3.0pl1-162', to: undefined },
      { name: 'telnet', arch: '', from: '0.1', to: undefined },
    ]);
  });

  it('reads what apt does not know', () => {
    expect(unknownNames("E: Unable to locate package nosuch\nE: Package 'old' has no installation candidate")).toEqual([
      'nosuch',
      'old',
    ]);
    expect(unknownVersions("E: Version '1' for 'cron' was not found")).toEqual(['cron=1']);
  });
});

const DEB: DebContents = {
  listing: [
    'drwxr-xr-x root/root         0 2026-09-18 08:08 ./',
    'drwxr-xr-x root/root         0 2026-09-18 08:08 ./etc/mysql/',
    '-rw-r--r-- root/root         5 2026-09-18 08:08 ./etc/mysql/my.cnf',
    '-rwsr-xr-x root/mysql     1268 2026-09-18 08:08 ./usr/bin/mariadb',
    'lrwxrwxrwx root/root         0 2026-09-18 08:08 ./usr/bin/mysql -> mariadb',
    '-rw-r--r-- root/root      5621 2026-09-18 08:08 ./lib/systemd/system/mariadb.service',
    '-rw-r--r-- root/root       652 2026-09-18 08:08 ./lib/systemd/system/mariadb.socket',
    'lrwxrwxrwx root/root         0 2026-09-18 08:08 ./lib/systemd/system/mysql.service -> mariadb.service',
  ],
  paths: [],
  postinst: `adduser \\
  --system --home /nonexistent --group mysql
deb-systemd-helper enable 'mariadb.service'
deb-systemd-invoke $_dh_action 'mariadb.service'
chown mysql /var/lib/mysql`,
  sysusers: 'u tomcat - "Tomcat" /var/lib/tomcat /sbin/nologin',
  contents: new Map([['/etc/mysql/my.cnf', { text: 'hello', sha1: 'aaf4' }]]),
};

describe('what a package brings', () => {
  const brings = new Map(bringsOf(DEB, true).map((bring) => [bring.of, bring]));

  it.each([
    ['file:/etc/mysql/my.cnf', { type: 'file', mode: '0644', size: 5, content: 'hello' }],
    ['file:/usr/bin/mariadb', { mode: '4755', group: 'mysql' }],
    ['file:/usr/bin/mysql', { type: 'link', target: 'mariadb' }],
    ['command:mysql', { path: '/usr/bin/mysql' }],
    ['unit:mariadb.service', { active: 'active', enabled: 'enabled' }],
    ['unit:mariadb.socket', { active: 'inactive', enabled: 'disabled' }],
    ['unit:mysql.service', { active: 'active', enabled: 'alias' }],
    ['user:mysql', { system: true, home: '/nonexistent' }],
    ['user:tomcat', { home: '/var/lib/tomcat' }],
    ['group:mysql', { system: true }],
  ] as const)('%s surely', (resource, state) => {
    expect(brings.get(resource)).toMatchObject({ as: state, sure: true });
  });

  it('names of paths in the script are possible, and no unit is brought by guess', () => {
    expect(brings.get('file:/var/lib/mysql')).toMatchObject({ sure: false });
    expect(brings.has('unit:*')).toBe(false);
  });

  it('a policy that forbids starting leaves units inactive', () => {
    const quiet = new Map(bringsOf(DEB, false).map((bring) => [bring.of, bring.as]));
    expect(quiet.get('unit:mariadb.service')).toEqual({ active: 'inactive', enabled: 'enabled' });
  });

  it('checksums alone tell files and commands, and leave links open', () => {
    const thin = bringsOf({ ...DEB, listing: [], paths: ['/usr/bin/lsof'], postinst: '', sysusers: '' }, true);
    expect(thin.find((bring) => bring.of === 'command:lsof')).toMatchObject({ sure: true });
    expect(thin.find((bring) => bring.of === 'file:/usr/bin')).toMatchObject({ as: { type: 'directory' } });
    expect(thin.find((bring) => bring.of === 'command:*')).toMatchObject({ sure: false });
  });
});

describe('what a maintainer script makes', () => {
  it.each([
    ['a path that it names', 'chown app /var/lib/app', ['/var/lib/app']],
    ['a variable', 'DIR=/var/lib/app\nmkdir -p "$DIR/cache"', ['/var/lib/app', '/var/lib/app/cache']],
    ['a variable of a variable', 'A=/srv\nB="${A}/app"\ninstall -m 0644 /dev/null $B/conf', ['/srv/app/conf']],
    ['a loop', 'for one in a b; do touch /srv/x/$one; done', ['/srv/x', '/srv/x/a', '/srv/x/b']],
    ['the name of a folder', 'FILE=/etc/x/y.d\nmkdir -p `dirname "$FILE"`', ['/etc/x/y.d']],
    ['what a command says, beneath a path', 'V=$(uname -r)\nmkdir /usr/x/$V', ['/usr/x', '/usr/x/*']],
    ['an argument', 'mkdir "$1"', ['*']],
    ['an argument of a function', 'make() { DIR="${1}"; mkdir $DIR; }\nmake /var/lib/app', ['/var/lib/app']],
    ['text of elsewhere', '. /usr/share/app/functions\nmake_it /etc/app', ['*']],
    ['the questions of debconf', '. /usr/share/debconf/confmodule', []],
    ['a comment', '# mkdir "$1"', []],
  ])('%s', (_, script, wanted) => {
    const made = madeByScript(script, new Set(['/usr/share/debconf/confmodule']));
    expect(made.map(({ of }) => of).sort()).toEqual(wanted.map((path) => `file:${path}`).sort());
    expect(made.every(({ sure }) => !sure)).toBe(true);
  });

  it('owners and modes that it sets for its files', () => {
    const script = 'USER="app"\nF=/etc/app.conf\ndpkg-statoverride --update --add ${USER} adm 640 "$F"';
    expect(overrides(script)).toEqual(new Map([['/etc/app.conf', { owner: 'app', group: 'adm', mode: '0640' }]]));
  });

  it.each([
    ['adduser --system --quiet app', ['user:app']],
    ['NAME=app\nadduser --system --group "$NAME"', ['user:app', 'group:app']],
    ['addgroup --system $1', ['user:*', 'group:*']],
  ])('%s', (script, wanted) => {
    expect(accounts(script, '').map(({ of }) => of)).toEqual(wanted);
  });
});
