// A real sshd on a loopback port, with keys of its own, in a folder that goes with it: what the ssh transports are tried on.

import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import type { ConnectionSpec } from '../../engine/connection/contract.ts';

export const SSHD = '/usr/sbin/sshd';
/** The reason why ssh cannot be tried here; undefined where it can. */
export const noSshd = existsSync(SSHD) ? undefined : 'needs openssh-server';
export const isRoot = process.getuid?.() === 0;

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
  const port = onPort ?? (await freePort());
  const config = join(folder, 'sshd_config');
  writeFileSync(
    config,
    [
      `Port ${port}`,
      'ListenAddress 127.0.0.1',
      `HostKey ${hostKey}`,
      `PidFile ${join(folder, 'pid')}`,
      `AuthorizedKeysFile ${clientKey}.pub`,
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
  const { connect } = await import('node:net');
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
