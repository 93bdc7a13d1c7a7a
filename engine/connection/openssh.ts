// ssh by the system's program, one login a link: for what ssh2 cannot do (ProxyCommand, Kerberos, certificates ...).

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Duplex } from 'node:stream';
import { ConnectionError, type ConnectionFault } from '../model/errors.ts';
import type { ConnectionSpec } from './contract.ts';
import { startProcess } from './process.ts';
import { parseSshArguments } from './sshargs.ts';
import { type Link, loginLine, type OpenOptions, SHELLS_A_LOGIN, type Shell, type Transport } from './transport.ts';

export const OPENSSH: Transport = { dial: (spec) => OpenSshLink.dial(spec) };

/** A touch of a token, a second factor, a slow directory service. */
const LOGIN_PATIENCE = 60_000;
const READY = 'troupe-is-in';

/**
 * One login, held by a process that says nothing more; shells share it by its control socket, so that a token is touched
 * and a jump made once. It ends by itself when this process is gone, since its standard input does.
 */
class OpenSshLink implements Link {
  readonly capacity = SHELLS_A_LOGIN;
  lost: ConnectionError | undefined;
  readonly #spec: ConnectionSpec;
  readonly #folder = mkdtempSync(join(tmpdir(), 'troupe-ssh-'));
  readonly #environment: NodeJS.ProcessEnv;
  readonly #master: Shell;

  private constructor(spec: ConnectionSpec) {
    this.#spec = spec;
    this.#environment = { ...process.env, ...askpass(spec, this.#folder) };
    const hold = loginLine(['/bin/sh', '-c', `echo ${READY}; exec cat >/dev/null`]);
    this.#master = this.#start(['-M', '-T', '--', spec.address, hold]);
  }

  static async dial(spec: ConnectionSpec): Promise<Link> {
    const link = new OpenSshLink(spec);
    try {
      await link.#ready();
      return link;
    } catch (error) {
      link.close();
      throw error;
    }
  }

  async open(argv: readonly string[], options: OpenOptions = {}): Promise<Shell> {
    if (this.lost !== undefined) throw this.lost;
    return this.#start([options.terminal === true ? '-tt' : '-T', '--', this.#spec.address, loginLine(argv)]);
  }

  async forward(host: string, port: number): Promise<Duplex> {
    if (this.lost !== undefined) throw this.lost;
    const target = host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
    // ssh says that the far end took the connection only when it is talkative, and only over a connection of its own.
    const shell = this.#start(['-o', 'LogLevel=DEBUG2', '-S', 'none', '-W', target, '--', this.#spec.address]);
    return confirmed(shell, `${target} from ${this.#spec.address}`);
  }

  close(): void {
    this.lost ??= new ConnectionError('lost', 'the connection was closed');
    this.#master.close();
    rmSync(this.#folder, { recursive: true, force: true });
  }

  #start(words: readonly string[]): Shell {
    const own = words.includes('-S') ? [] : ['-S', join(this.#folder, 'socket')];
    const program = this.#spec.extra['ansible_ssh_executable'] ?? 'ssh';
    // Options first: a user's own -o ControlMaster or LogLevel comes too late to count.
    const options = words.slice(0, words.indexOf('--'));
    return startProcess([program, ...own, ...options, ...sshWords(this.#spec), ...words.slice(options.length)], {
      env: this.#environment,
      reason: (code, signal, stderr) => explain(this.#spec, code, signal, stderr),
    });
  }

  #ready(): Promise<void> {
    return new Promise((resolve, reject) => {
      let said = '';
      const timer = setTimeout(
        () => reject(new ConnectionError('timeout', `${this.#spec.address}: the login took too long`)),
        LOGIN_PATIENCE,
      );
      this.#master.stdout.on('data', (chunk: Buffer) => {
        said = (said + chunk.toString()).slice(-4096);
        if (!said.includes(READY)) return;
        clearTimeout(timer);
        resolve();
      });
      void this.#master.ended.then((error) => {
        clearTimeout(timer);
        this.lost ??= error;
        const noise = said.trim();
        reject(
          noise === '' ? error : new ConnectionError(error.fault, `${error.message}: ${noise}`, { hint: error.hint }),
        );
      });
    });
  }
}

/** Options for `ssh`, in Ansible's order: for most of them the first that is said counts. */
export function sshWords(spec: ConnectionSpec): string[] {
  const given = parseSshArguments(spec.sshArgs).options;
  const words = ['-o', 'ControlMaster=no', '-o', 'ControlPersist=no', '-o', 'NumberOfPasswordPrompts=1'];
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

/** Environment for a program that answers ssh's questions: it reads the secret from there, which only its user can see. */
function askpass(spec: ConnectionSpec, folder: string): NodeJS.ProcessEnv {
  if (spec.password === undefined && spec.privateKeyPassphrase === undefined) return {};
  const file = join(folder, 'answer');
  writeFileSync(
    file,
    '#!/bin/sh\ncase $1 in\n*assphrase*) [ -z "$TROUPE_PASSPHRASE" ] || exec printf "%s\\n" "$TROUPE_PASSPHRASE" ;;\n' +
      '*[Yy]es/no*) exit 1 ;;\n*) [ -z "$TROUPE_PASSWORD" ] || exec printf "%s\\n" "$TROUPE_PASSWORD" ;;\nesac\nexit 1\n',
    { mode: 0o700 },
  );
  return {
    SSH_ASKPASS: file,
    SSH_ASKPASS_REQUIRE: 'force',
    DISPLAY: process.env['DISPLAY'] ?? ':0',
    TROUPE_PASSWORD: spec.password ?? '',
    TROUPE_PASSPHRASE: spec.privateKeyPassphrase ?? '',
  };
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
