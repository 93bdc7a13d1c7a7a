// A real sshd on a loopback port, with keys of its own, in a folder that goes with it: what the ssh transports are tried on.

import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect, createServer, type Socket } from 'node:net';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import type { ConnectionSpec } from '../../engine/connection/contract.ts';

export const SSHD = '/usr/sbin/sshd';
/** The reason why ssh cannot be tried here; undefined where it can. */
export const noSshd = existsSync(SSHD) ? undefined : 'needs openssh-server';
export const isRoot = process.getuid?.() === 0;

/** A second user of the system, for passwords and escalation; made and removed by those who need it, as root. */
export interface Account {
  readonly name: string;
  readonly password: string;
  remove(): void;
}

/** Makes a user with a password; needs root. */
export function makeAccount(shell = '/bin/sh', sudoers?: (name: string) => string): Account {
  const name = `t${Math.random().toString(36).slice(2, 9)}`;
  const password = 'it is: $ecret';
  execFileSync('useradd', ['-m', '-s', shell, name]);
  execFileSync('chpasswd', { input: `${name}:${password}\n` });
  const file = `/etc/sudoers.d/${name}`;
  if (sudoers !== undefined) writeFileSync(file, `${sudoers(name)}\n`, { mode: 0o440 });
  return {
    name,
    password,
    remove() {
      rmSync(file, { force: true });
      execFileSync('userdel', ['-r', '-f', name], { stdio: 'ignore' });
    },
  };
}

/** A TCP relay that can fall silent as a cut cable does: nothing passes, nothing is closed. */
export interface Relay {
  readonly port: number;
  cut(): void;
  close(): void;
}

export function startRelay(target: number): Promise<Relay> {
  const sockets = new Set<Socket>();
  let silent = false;
  const server = createServer((near) => {
    if (silent) return void sockets.add(near);
    const far = connect(target, '127.0.0.1');
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(from);
      from.on('data', (chunk) => !silent && to.write(chunk));
      from.on('error', () => {});
      from.on('close', () => !silent && to.destroy());
    }
  });
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () =>
      resolve({
        port: (server.address() as { port: number }).port,
        cut() {
          silent = true;
        },
        close() {
          for (const socket of sockets) socket.destroy();
          server.close();
        },
      }),
    );
  });
}

export interface Sshd {
  readonly port: number;
  readonly folder: string;
  readonly clientKey: string;
  readonly knownHosts: string;
  readonly process: ChildProcess;
  /** A spec for it: transport `ssh2` or `openssh`. */
  spec(transport: string, more?: Partial<ConnectionSpec>): ConnectionSpec;
  stop(): Promise<void>;
}

export function plainSpec(transport: string, more: Partial<ConnectionSpec> = {}): ConnectionSpec {
  return {
    transport,
    host: 'h1',
    address: '127.0.0.1',
    port: undefined,
    user: undefined,
    password: undefined,
    privateKeyFile: undefined,
    privateKeyPassphrase: undefined,
    sshArgs: [],
    hostKeyChecking: true,
    timeout: 10,
    retries: 0,
    executable: '/bin/sh',
    remoteTmp: '~/.ansible/tmp',
    become: undefined,
    extra: {},
    ...more,
  };
}

/** Starts it; `options` are lines of sshd_config. */
export async function startSshd(options: readonly string[] = [], onPort?: number): Promise<Sshd> {
  const folder = mkdtempSync(join(tmpdir(), 'sshd-'));
  const key = (name: string, type = 'ed25519'): string => {
    const file = join(folder, name);
    execFileSync('ssh-keygen', ['-q', '-t', type, '-N', '', '-f', file]);
    return file;
  };
  const hostKey = key('host');
  const clientKey = key('client');
  const authorized = join(folder, 'authorized_keys');
  writeFileSync(authorized, readFileSync(`${clientKey}.pub`));
  // Other users of the machine log in with the same keys.
  execFileSync('chmod', ['755', folder]);
  execFileSync('chmod', ['644', authorized]);
  const port = onPort ?? (await freePort());
  const config = join(folder, 'sshd_config');
  writeFileSync(
    config,
    [
      `Port ${port}`,
      'ListenAddress 127.0.0.1',
      `HostKey ${hostKey}`,
      `PidFile ${join(folder, 'pid')}`,
      `AuthorizedKeysFile ${authorized}`,
      'StrictModes no',
      'PermitRootLogin yes',
      'LogLevel ERROR',
      ...options,
      ...(options.some((line) => line.startsWith('UsePAM')) ? [] : ['UsePAM no']),
      '',
    ].join('\n'),
  );
  if (isRoot && !existsSync('/run/sshd')) execFileSync('mkdir', ['-p', '/run/sshd']);
  const [type, publicKey] = readFileSync(`${hostKey}.pub`, 'utf8').split(' ');
  const knownHosts = join(folder, 'known_hosts');
  writeFileSync(knownHosts, `[127.0.0.1]:${port} ${type} ${publicKey}\n`);
  const daemon = spawn(SSHD, ['-D', '-e', '-f', config], { stdio: ['ignore', 'ignore', 'pipe'] });
  let said = '';
  daemon.stderr.on('data', (chunk: Buffer) => {
    said += chunk.toString();
  });
  await listening(port, () => said);
  return {
    port,
    folder,
    clientKey,
    knownHosts,
    process: daemon,
    spec: (transport, more = {}) =>
      plainSpec(transport, {
        port,
        user: userInfo().username,
        privateKeyFile: clientKey,
        ...more,
        sshArgs: ['-F', 'none', '-o', `UserKnownHostsFile=${knownHosts}`, ...(more.sshArgs ?? [])],
      }),
    async stop() {
      daemon.kill();
      await new Promise((resolve) => (daemon.exitCode === null ? daemon.once('exit', resolve) : resolve(undefined)));
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => (address !== null && typeof address === 'object' ? resolve(address.port) : reject()));
    });
  });
}

async function listening(port: number, said: () => string): Promise<void> {
  for (const started = Date.now(); Date.now() - started < 10_000; ) {
    const up = await new Promise<boolean>((resolve) => {
      const socket = connect(port, '127.0.0.1', () => resolve(true)).once('error', () => resolve(false));
      socket.once('connect', () => socket.destroy());
    });
    if (up) return;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  throw new Error(`sshd does not listen: ${said()}`);
}
