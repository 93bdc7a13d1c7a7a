// The variables, keywords and settings of a connection, and which of them counts.

import { describe, expect, it } from 'vitest';
import type { ConnectionSpec } from '../../engine/connection/contract.ts';
import { type ConnectionKeywords, type ConnectionSettings, connectionSpec } from '../../engine/connection/spec.ts';
import type { Value } from '../../engine/model/value.ts';

type Vars = Record<string, Value>;
type Row = readonly [string, Vars, ConnectionKeywords, ConnectionSettings, object];

const specOf = (vars: Vars, keywords: ConnectionKeywords = {}, settings: ConnectionSettings = {}): ConnectionSpec =>
  connectionSpec((name) => vars[name], keywords, settings, { name: 'web1' });

describe('how a host is reached', () => {
  const rows: Row[] = [
    [
      'nothing said',
      {},
      {},
      {},
      {
        transport: 'ssh',
        host: 'web1',
        address: 'web1',
        port: undefined,
        user: undefined,
        hostKeyChecking: true,
        timeout: 10,
        retries: 0,
        executable: '/bin/sh',
        remoteTmp: '~/.ansible/tmp',
        become: undefined,
        sshArgs: ['-C', '-o', 'ControlMaster=auto', '-o', 'ControlPersist=60s'],
      },
    ],
    [
      'settings',
      {},
      {},
      { remoteUser: 'cfg', remotePort: 5, timeout: 7, connection: 'local' },
      { user: 'cfg', port: 5, timeout: 7, transport: 'local' },
    ],
    [
      'keywords over settings',
      {},
      { remoteUser: 'kw', port: 6, connection: 'chroot' },
      { remoteUser: 'cfg', remotePort: 5 },
      { user: 'kw', port: 6, transport: 'chroot' },
    ],
    [
      'variables over keywords',
      { ansible_user: 'v', ansible_port: '7', ansible_connection: 'ssh2' },
      { remoteUser: 'kw', port: 6, connection: 'local' },
      {},
      { user: 'v', port: 7, transport: 'ssh2' },
    ],
    [
      'the last of several names',
      { ansible_host: 'a', ansible_ssh_host: 'b', ansible_user: 'a', ansible_ssh_user: 'b' },
      {},
      {},
      { address: 'b', user: 'b' },
    ],
    ['passwords', { ansible_ssh_pass: 's' }, {}, { password: 'asked' }, { password: 's' }],
    ['a password that was asked for', { ansible_password: '' }, {}, { password: 'asked' }, { password: 'asked' }],
    [
      'a key',
      { ansible_ssh_private_key_file: '/k', ansible_ssh_private_key_passphrase: 'p' },
      {},
      { privateKeyFile: '/cfg' },
      { privateKeyFile: '/k', privateKeyPassphrase: 'p' },
    ],
    [
      'ssh words',
      { ansible_ssh_common_args: '-o ProxyCommand="ssh -W %h:%p bastion"', ansible_ssh_extra_args: '-v' },
      {},
      { sshArgs: '-o A=1' },
      { sshArgs: ['-o', 'A=1', '-o', 'ProxyCommand=ssh -W %h:%p bastion', '-v'] },
    ],
    [
      'a token',
      { ansible_ssh_pkcs11_provider: '/p.so', ansible_ssh_args: '' },
      {},
      {},
      { sshArgs: ['-C', '-o', 'ControlMaster=auto', '-o', 'ControlPersist=60s', '-o', 'PKCS11Provider=/p.so'] },
    ],
    [
      'no host key check',
      { ansible_ssh_host_key_checking: 'no' },
      {},
      { hostKeyChecking: true },
      { hostKeyChecking: false },
    ],
    ['retries and timeout', { ansible_ssh_retries: 3, ansible_timeout: 4 }, {}, {}, { retries: 3, timeout: 4 }],
    [
      'a shell',
      { ansible_shell_executable: '/bin/bash', ansible_remote_tmp: '/x' },
      {},
      {},
      { executable: '/bin/bash', remoteTmp: '/x' },
    ],
    [
      'become',
      {},
      { become: true },
      {},
      { become: { method: 'sudo', user: 'root', password: undefined, flags: undefined, exe: undefined } },
    ],
    ['no become', { ansible_become: false }, { become: true }, {}, { become: undefined }],
    [
      'become in variables',
      {
        ansible_become: 'yes',
        ansible_become_method: 'su',
        ansible_become_user: 'a',
        ansible_su_user: 'b',
        ansible_become_pass: 'p',
        ansible_sudo_pass: 'other',
      },
      { becomeUser: 'kw' },
      { becomePassword: 'asked' },
      { become: { method: 'su', user: 'b', password: 'p', flags: undefined, exe: undefined } },
    ],
    [
      'become in settings',
      {},
      {},
      {
        become: true,
        becomeMethod: 'doas',
        becomeUser: 'x',
        becomePassword: 'asked',
        becomeFlags: '-f',
        becomeExe: '/doas',
      },
      { become: { method: 'doas', user: 'x', password: 'asked', flags: '-f', exe: '/doas' } },
    ],
    [
      'a folder for sudo',
      { ansible_sudo_chdir: '/srv' },
      { become: true },
      {},
      {
        become: { method: 'sudo', user: 'root', password: undefined, flags: "-H -S -n '--chdir=/srv'", exe: undefined },
      },
    ],
    [
      'what transports read themselves',
      { ansible_chroot_exe: '/c', ansible_ssh_executable: '/s' },
      {},
      { sshExecutable: '/t' },
      { extra: { ansible_chroot_exe: '/c', ansible_ssh_executable: '/s' } },
    ],
  ];
  it.each(rows)('%s', (_name, vars, keywords, settings, expected) => {
    expect(specOf(vars, keywords, settings)).toMatchObject(expected);
  });

  it.each([
    [{ ansible_port: 'abc' }, 'ansible_port or ansible_ssh_port: "abc" is not a number'],
    [{ ansible_port: 70_000 }, 'port: "70000" is not a port'],
    [{ ansible_become: 'maybe' }, 'ansible_become: "maybe" is not a boolean'],
    [{ ansible_host: ['a'] }, 'ansible_host: "a list" is not text or a number'],
    [{ ansible_shell_type: 'powershell' }, 'ansible_shell_type powershell: Windows hosts are not supported'],
  ] as [Vars, string][])('refuses %j', (vars, message) => {
    expect(() => specOf(vars)).toThrow(message);
  });
});
