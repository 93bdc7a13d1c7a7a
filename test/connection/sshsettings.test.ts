// What words, files and variables come to; and which of it needs the system's ssh.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { OPENSSH } from '../../engine/connection/openssh.ts';
import { reasonForSystemSsh, SSH2, ssh } from '../../engine/connection/ssh.ts';
import { parseSshArguments } from '../../engine/connection/sshargs.ts';
import { matchesList, readConfig } from '../../engine/connection/sshconfig.ts';
import { settle } from '../../engine/connection/sshsettings.ts';
import { loginLine } from '../../engine/connection/transport.ts';
import { shellWords } from '../../engine/connection/words.ts';
import { plainSpec } from './sshd.ts';

const folder = mkdtempSync(join(tmpdir(), 'config-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
let files = 0;
function file(text: string): string {
  const path = join(folder, `config${files++}`);
  writeFileSync(path, text);
  return path;
}

describe('words', () => {
  it.each([
    ['a  b\tc', ['a', 'b', 'c']],
    [`-o 'A b' -o "C \\" \\d" e\\ f`, ['-o', 'A b', '-o', 'C " \\d', 'e f']],
    [`''`, ['']],
    [`a'b'"c"d`, ['abcd']],
    ['', []],
    [`'open`, ['open']],
  ])('%s', (text, words) => expect(shellWords(text)).toEqual(words));

  it('are quoted so that any login shell takes them', () => {
    expect(loginLine(['/bin/sh', '-c', `it's "$x"`])).toBe(`exec /bin/sh -c 'it'"'"'s "$x"'`);
  });
});

describe('ssh arguments', () => {
  it.each<[string, object, string[]?]>([
    ['-o Port=22 -oUser=me', { port: ['22'], user: ['me'] }],
    ['-o "ProxyCommand ssh -W %h:%p b"', { proxycommand: ['ssh -W %h:%p b'] }],
    ['-i /a -i /b -p 5 -l u -J x,y', { identityfile: ['/a', '/b'], port: ['5'], user: ['u'], proxyjump: ['x,y'] }],
    ['-4A -C', { addressfamily: ['inet'], forwardagent: ['yes'], compression: ['yes'] }],
    ['-L 1:a:2 -w', {}, ['-L', '1:a:2', '-w']],
    ['-o UserKnownHostsFile = "/a b"', { userknownhostsfile: [''] }, ['=', '/a b']],
  ])('%s', (text, options, foreign = []) => {
    const parsed = parseSshArguments(shellWords(text));
    expect(Object.fromEntries(parsed.options)).toEqual(options);
    expect(parsed.foreign).toEqual(foreign);
  });
});

describe('ssh_config', () => {
  const asked = { host: 'web1', user: 'me', localUser: 'local', home: folder };
  const read = (text: string) => readConfig([file(text)], asked);

  it.each<[string, string, object, string[]?]>([
    ['the first value counts, all are kept', 'Host web*\n Port 1\nHost *\n Port 2\n', { port: ['1', '2'] }],
    ['negation', 'Host * !web1\n Port 1\nHost !db *\n Port 2\n', { port: ['2'] }],
    ['equals signs, quotes, comments', '# c\nHost=web1\nUser = "a b"\n', { user: ['a b'] }],
    [
      'Match all and users',
      'Match user me,you\n Port 1\nMatch user other\n Port 2\nMatch all\n Port 3\n',
      { port: ['1', '3'] },
    ],
    [
      'Match host sees HostName',
      'HostName real\nMatch host real\n Port 1\nMatch originalhost web1\n Port 2\n',
      { hostname: ['real'], port: ['1', '2'] },
    ],
    ['Match with !', 'Match !host web1\n Port 1\nMatch !host db\n Port 2\n', { port: ['2'] }],
    ['what only ssh can tell', 'Match exec "true"\n Port 1\nMatch final\n Port 2\n', {}, ['Match exec', 'Match final']],
  ])('%s', (_name, text, options, undecided = []) => {
    const config = read(text);
    expect(Object.fromEntries(config.options)).toEqual(options);
    expect(config.undecided).toEqual(undecided);
  });

  it('includes files', () => {
    const inner = file('Port 7\n');
    expect(Object.fromEntries(read(`Host web1\n Include ${inner}\nHost db\n Include ${inner}\n`).options)).toEqual({
      port: ['7'],
    });
  });

  it.each([
    ['web1', ['web?'], true],
    ['web1', ['*.org', 'w*'], true],
    ['web1', ['*', '!web1'], false],
    ['a.b', ['a?b'], true],
    ['axb', ['a.b'], false],
  ])('%s against %j', (name, patterns, expected) => expect(matchesList(name, patterns)).toBe(expected));
});

describe('settings', () => {
  const spec = (text: string, more = {}) => plainSpec('ssh', { address: 'web1', ...more, sshArgs: ['-F', file(text)] });

  it.each<[string, string, object, object]>([
    [
      'a host by another name',
      'Host web1\n HostName %h.example.org\n Port 2222\n User deploy\n',
      {},
      { host: 'web1.example.org', port: 2222, user: 'deploy' },
    ],
    [
      'variables come first',
      'Port 2222\nUser deploy\nIdentityFile /b',
      { port: 7, user: 'v', privateKeyFile: '/a' },
      { port: 7, user: 'v', identityFiles: ['/a', '/b'] },
    ],
    ['a chain of hops', 'ProxyJump a@b:3,c', {}, { jumps: ['a@b:3', 'c'] }],
    ['no hop', 'ProxyJump none', {}, { jumps: [] }],
    [
      'key checking',
      'StrictHostKeyChecking accept-new\nHostKeyAlias x',
      {},
      { hostKeyPolicy: 'accept-new', hostKeyName: 'x', hostKeyPort: 22 },
    ],
    ['no key checking', 'StrictHostKeyChecking yes', { hostKeyChecking: false }, { hostKeyPolicy: 'off' }],
    [
      'times',
      'ConnectTimeout 3\nServerAliveInterval 5\nServerAliveCountMax 2',
      {},
      { connectTimeout: 3000, keepaliveInterval: 5000, keepaliveCount: 2 },
    ],
    ['times of our own', '', {}, { connectTimeout: 10_000, keepaliveInterval: 10_000, keepaliveCount: 3 }],
    [
      'methods',
      'PreferredAuthentications publickey',
      {},
      { methods: { publickey: true, password: false, interactive: false } },
    ],
    ['an environment', 'SetEnv A=1 "B=x y"', {}, { environment: { A: '1', B: 'x y' } }],
    ['no agent', 'IdentityAgent none', {}, { agent: undefined }],
    ['tokens in paths', 'IdentityFile /k/%r@%h:%p', { user: 'u', port: 1 }, { identityFiles: ['/k/u@web1:1'] }],
  ])('%s', (_name, text, more, expected) => expect(settle(spec(text, more))).toMatchObject(expected));

  it.each<[string, string, string | undefined]>([
    ['nothing special', 'ControlMaster auto\nHashKnownHosts yes\nGSSAPIAuthentication no', undefined],
    ['a command for a proxy', 'ProxyCommand nc %h %p', 'ProxyCommand'],
    ['no command', 'ProxyCommand none', undefined],
    ['certificates', 'CertificateFile /c', 'CertificateFile'],
    ['a token', 'PKCS11Provider /p.so', 'pkcs11provider'],
    ['ciphers', 'Ciphers aes128-ctr', 'ciphers'],
    ['a condition that runs', 'Match exec "x"\n Port 3', 'Match exec'],
  ])("the system's ssh for %s", (_name, text, reason) => {
    expect(reasonForSystemSsh(spec(text))).toBe(reason);
    expect(ssh(spec(text))).toBe(reason === undefined ? SSH2 : OPENSSH);
  });

  it("refuses by name what needs the system's ssh where there is none", () => {
    const lonely = spec('ProxyCommand nc %h %p', { extra: { ansible_ssh_executable: 'no-such-ssh' } });
    expect(() => ssh(lonely)).toThrow(/ProxyCommand: this needs the program "no-such-ssh"/);
  });
});
