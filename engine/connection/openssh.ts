// ssh by the system's program, one process a shell: for what ssh2 cannot do (ProxyCommand, Kerberos, certificates ...).

import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Duplex } from 'node:stream';
import { ConnectionError, type ConnectionFault } from '../model/errors.ts';
import type { ConnectionSpec } from './contract.ts';
import { startProcess } from './process.ts';
import { parseSshArguments } from './sshargs.ts';
import { type Link, loginLine, type Shell, type Transport } from './transport.ts';

export const OPENSSH: Transport = { dial: async (spec) => openSshLink(spec) };

function openSshLink(spec: ConnectionSpec): Link {
  const askpass =
    spec.password === undefined && spec.privateKeyPassphrase === undefined ? undefined : new Askpass(spec);
  const start = (words: readonly string[], first: readonly string[] = []): Shell =>
    startProcess([spec.extra['ansible_ssh_executable'] ?? 'ssh', ...first, ...sshWords(spec), ...words], {
      env: { ...process.env, ...askpass?.environment },
      reason: (code, signal, stderr) => explain(spec, code, signal, stderr),
    });
  return {
    capacity: Number.POSITIVE_INFINITY,
    lost: undefined,
    async open(argv, options) {
      const terminal = options?.terminal === true ? ['-tt'] : ['-T'];
      return start([...terminal, '--', spec.address, loginLine(argv)]);
    },
    forward(host, port) {
      const target = host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
      // ssh says that the far end took the connection only when it is talkative.
      return confirmed(
        start(['-W', target, '--', spec.address], ['-o', 'LogLevel=DEBUG2']),
        `${target} from ${spec.address}`,
      );
    },
    close: () => askpass?.remove(),
  };
}

/** Options for `ssh`, in Ansible's order: for most of them the first that is said counts. */
export function sshWords(spec: ConnectionSpec): string[] {
  const given = parseSshArguments(spec.sshArgs).options;
  const words = ['-o', 'ControlMaster=no', '-o', 'ControlPath=none', '-o', 'NumberOfPasswordPrompts=1'];
  const option = (name: string, value: string | number): void => void words.push('-o', `${name}=${value}`);
  if (!spec.hostKeyChecking) option('StrictHostKeyChecking', 'no');
  if (spec.port !== undefined) option('Port', spec.port);
  if (spec.user !== undefined) option('User', spec.user);
  if (spec.privateKeyFile !== undefined) option('IdentityFile', `"${spec.privateKeyFile}"`);
  if (spec.password === undefined) option('KbdInteractiveAuthentication', 'no');
  if (spec.password === undefined) option('PasswordAuthentication', 'no');
  if (spec.password === undefined && spec.privateKeyPassphrase === undefined) option('BatchMode', 'yes');
  if (!given.has('connecttimeout')) option('ConnectTimeout', spec.timeout);
  if (!given.has('serveraliveinterval')) option('ServerAliveInterval', 10);
  if (!given.has('serveralivecountmax')) option('ServerAliveCountMax', 3);
  return [...words, ...spec.sshArgs];
}

/** What `ssh` said before it ended, as one of our faults. */
const FAULTS: readonly (readonly [RegExp, ConnectionFault])[] = [
  [/Host key verification failed|HOST IDENTIFICATION HAS CHANGED|host key is known for|revoked host key/i, 'hostkey'],
  [/Permission denied|Too many authentication failures|No more authentication methods/i, 'auth'],
  [/Could not resolve hostname|Name or service not known/i, 'resolve'],
  [/timed out/i, 'timeout'],
  [/Connection refused|No route to host|Network is unreachable|administratively prohibited|open failed/i, 'refused'],
];

export function explain(
  spec: ConnectionSpec,
  code: number | null,
  signal: string | null,
  stderr: string,
): ConnectionError {
  const said = stderr.replace(/^debug\d: .*\n?/gm, '').trim();
  if (code !== 255 || said === '') {
    const how = signal === null ? `with exit code ${code}` : `by ${signal}`;
    return new ConnectionError('lost', code === 255 ? `ssh ended ${how}` : `the shell ended ${how}`);
  }
  const fault = FAULTS.find(([pattern]) => pattern.test(said))?.[1] ?? 'lost';
  if (fault === 'auth' && spec.password !== undefined)
    return new ConnectionError('auth', `Invalid/incorrect password: ${said}`);
  const hint =
    fault === 'hostkey'
      ? 'compare the fingerprint and add or replace the key in known_hosts, or set host_key_checking = False to trust any key'
      : undefined;
  return new ConnectionError(fault, `Failed to connect to the host via ssh: ${said}`, { hint });
}

/** A program that answers ssh's questions: it reads the secret from its environment, which only its user can see. */
class Askpass {
  readonly #folder = mkdtempSync(join(tmpdir(), 'troupe-ask-'));
  readonly environment: NodeJS.ProcessEnv;

  constructor(spec: ConnectionSpec) {
    const file = join(this.#folder, 'answer');
    writeFileSync(
      file,
      '#!/bin/sh\ncase $1 in\n*assphrase*) [ -z "$TROUPE_PASSPHRASE" ] || exec printf "%s\\n" "$TROUPE_PASSPHRASE" ;;\n' +
        '*[Yy]es/no*) exit 1 ;;\n*) [ -z "$TROUPE_PASSWORD" ] || exec printf "%s\\n" "$TROUPE_PASSWORD" ;;\nesac\nexit 1\n',
    );
    chmodSync(file, 0o700);
    this.environment = {
      SSH_ASKPASS: file,
      SSH_ASKPASS_REQUIRE: 'force',
      DISPLAY: process.env['DISPLAY'] ?? ':0',
      TROUPE_PASSWORD: spec.password ?? '',
      TROUPE_PASSPHRASE: spec.privateKeyPassphrase ?? '',
    };
  }

  remove(): void {
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

/** The stdin and stdout of `ssh -W` as one stream, once the far end has taken the connection. Throws ConnectionError. */
function confirmed(shell: Shell, what: string): Promise<Duplex> {
  return new Promise((resolve, reject) => {
    let said = '';
    shell.stderr.on('data', (chunk: Buffer) => {
      if (said === 'confirmed') return;
      said = (said + chunk.toString()).slice(-4096);
      if (!/channel \d+: open confirm/.test(said)) return;
      said = 'confirmed';
      const stream = Duplex.from({ writable: shell.stdin, readable: shell.stdout });
      stream.once('close', () => shell.close());
      resolve(stream);
    });
    void shell.ended.then((error) => {
      const fault = error.fault === 'lost' ? 'refused' : error.fault;
      reject(new ConnectionError(fault, `${what}: ${error.message}`, { cause: error }));
    });
  });
}
