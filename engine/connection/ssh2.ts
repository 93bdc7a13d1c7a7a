// ssh in this process, by the ssh2 library: no child for a host, three shells a connection.

import type { Duplex } from 'node:stream';
import ssh2, { type ClientChannel, type Client as SshClient } from 'ssh2';
import { ConnectionError } from '../model/errors.ts';
import type { ConnectionSpec } from './contract.ts';
import { Identity } from './identity.ts';
import { algorithmsFor, filedName, fileKey, fingerprint, judgeKey, keyType, knownKeys } from './knownhosts.ts';
import { connectTcp } from './process.ts';
import { type SshSettings, settle } from './sshsettings.ts';
import {
  Crowded,
  type Link,
  loginLine,
  type OpenOptions,
  SHELLS_A_LOGIN,
  type Shell,
  type Transport,
} from './transport.ts';

const JUMP_LIMIT = 8;
/** Slow PAM stacks and prompts of a far away directory service. */
const LOGIN_PATIENCE = 60_000;

export const SSH2: Transport = { dial: (spec) => dial(spec, 0) };

async function dial(spec: ConnectionSpec, depth: number): Promise<Link> {
  const settings = settle(spec);
  const way = await through(spec, settings, depth);
  const client = new ssh2.Client();
  try {
    await login(client, way.socket, spec, settings);
  } catch (error) {
    client.destroy();
    way.socket.destroy();
    way.hop?.close();
    throw error;
  }
  return new Ssh2Link(client, settings, way.hop);
}

/** The stream to the host: a TCP connection, or a channel of the last host on the way. */
async function through(
  spec: ConnectionSpec,
  settings: SshSettings,
  depth: number,
): Promise<{ socket: Duplex; hop?: Link }> {
  if (settings.jumps.length === 0) {
    return { socket: await reach(settings) };
  }
  if (depth >= JUMP_LIMIT) throw new ConnectionError('unsupported', `ProxyJump: more than ${JUMP_LIMIT} hops`);
  const last = parseHop(settings.jumps.at(-1)!);
  // As with ssh: a hop is found by ssh_config alone; but a host key check that was switched off is off on the way, too.
  const hopSpec: ConnectionSpec = {
    ...spec,
    ...last,
    password: undefined,
    privateKeyFile: undefined,
    become: undefined,
    sshArgs: hopArguments(spec.sshArgs, settings.jumps.slice(0, -1)),
  };
  const hop = await dial(hopSpec, depth + 1);
  return { socket: await hop.forward(settings.host, settings.port), hop };
}

function parseHop(text: string): { address: string; user: string | undefined; port: number | undefined } {
  const bare = text.replace(/^ssh:\/\//, '').replace(/\/$/, '');
  const match = /^(?:(.*)@)?(?:\[([^\]]+)\]|([^:]+|[^@]*:[^@]*:.*?))(?::(\d+))?$/.exec(bare);
  if (match === null) throw new ConnectionError('unsupported', `ProxyJump: cannot read "${text}"`);
  return {
    user: match[1],
    address: (match[2] ?? match[3])!,
    port: match[4] === undefined ? undefined : Number(match[4]),
  };
}

/** What of the words goes for a hop as well: the configuration file, and the hops before it. */
function hopArguments(words: readonly string[], before: readonly string[]): string[] {
  const at = words.indexOf('-F');
  return [...(at < 0 ? [] : words.slice(at, at + 2)), ...(before.length === 0 ? [] : ['-J', before.join(',')])];
}

async function reach(settings: SshSettings): Promise<Duplex> {
  const { host, port, connectTimeout } = settings;
  try {
    return await connectTcp(host, port, connectTimeout, settings.family);
  } catch (error) {
    if (!(error instanceof ConnectionError)) throw error;
    const reason =
      error.fault === 'resolve'
        ? `Could not resolve hostname ${host}: ${error.message}`
        : `connect to host ${host} port ${port}: ${error.message}`;
    throw failed(error.fault, reason, error);
  }
}

function failed(fault: ConnectionError['fault'], reason: string, cause?: unknown, hint?: string): ConnectionError {
  return new ConnectionError(fault, `Failed to connect to the host via ssh: ${reason}`, { cause, hint });
}

function login(client: SshClient, socket: Duplex, spec: ConnectionSpec, settings: SshSettings): Promise<void> {
  const { user, host, port } = settings;
  const known = knownKeys(settings.knownHostsFiles, settings.hostKeyName, settings.hostKeyPort);
  const identity = new Identity(settings, { password: spec.password, passphrase: spec.privateKeyPassphrase });
  return new Promise((resolve, reject) => {
    let refusal: ConnectionError | undefined;
    let timer = setTimeout(() => {
      give(failed('timeout', `connect to host ${host} port ${port}: Connection timed out during banner exchange`));
    }, settings.connectTimeout);
    const give = (error: ConnectionError): void => {
      clearTimeout(timer);
      reject(refusal ?? error);
    };
    client.once('handshake', () => {
      clearTimeout(timer);
      timer = setTimeout(() => give(failed('timeout', `${host}: the login took too long`)), LOGIN_PATIENCE);
    });
    client.once('ready', () => {
      clearTimeout(timer);
      // Nagle's algorithm would hold back our small frames for 40 ms each.
      client.setNoDelay(true);
      resolve();
    });
    client.on('error', (error) => give(explained(error, identity, settings)));
    client.once('close', () =>
      give(failed('lost', `kex_exchange_identification: Connection closed by ${host} port ${port}`)),
    );
    client.connect({
      sock: socket,
      username: user,
      readyTimeout: 0,
      keepaliveInterval: settings.keepaliveInterval,
      keepaliveCountMax: settings.keepaliveCount,
      algorithms: { serverHostKey: algorithmsFor(known) },
      hostVerifier: (key: Buffer) => {
        refusal = judged(key, known, settings);
        return refusal === undefined;
      },
      authHandler: (left, _partial, next) => {
        const method = identity.next(left);
        // The types do not know that false ends it.
        (next as (method: unknown) => void)(method);
      },
      ...(settings.forwardAgent && settings.agent !== undefined ? { agent: settings.agent, agentForward: true } : {}),
    });
  });
}

/** Why a host key is not taken; undefined when it is. */
function judged(key: Buffer, known: ReturnType<typeof knownKeys>, settings: SshSettings): ConnectionError | undefined {
  const verdict = judgeKey(known, key);
  if (verdict.kind === 'known') return undefined;
  const name = filedName(settings.hostKeyName, settings.hostKeyPort);
  const shown = `${keyType(key)} ${fingerprint(key)}`;
  // A revoked key is refused however little is checked.
  if (verdict.kind === 'revoked') {
    return failed(
      'hostkey',
      `the host key of ${name} (${shown}) is revoked by ${verdict.where.file}:${verdict.where.line}`,
      undefined,
      'nobody who shows this key can be trusted: give the host a new one',
    );
  }
  if (settings.hostKeyPolicy === 'off') return undefined;
  if (verdict.kind === 'changed') {
    const { file, line } = verdict.where;
    return failed(
      'hostkey',
      `REMOTE HOST IDENTIFICATION HAS CHANGED: ${name} shows ${shown}, which is not the key in ${file}:${line}. Host key verification failed.`,
      undefined,
      `if the host was reinstalled, remove the old key: ssh-keygen -f ${file} -R '${name}'; if not, someone may be listening in`,
    );
  }
  const file = settings.knownHostsFiles[0];
  if (settings.hostKeyPolicy === 'accept-new') {
    if (file !== undefined) fileKey(file, settings.hostKeyName, settings.hostKeyPort, key);
    return undefined;
  }
  const scan = `ssh-keyscan${settings.port === 22 ? '' : ` -p ${settings.port}`} ${settings.host}`;
  return failed(
    'hostkey',
    `the host key of ${name} (${shown}) is not known. Host key verification failed.`,
    undefined,
    `compare the fingerprint, then add the key: ${scan} >> ${file ?? '~/.ssh/known_hosts'}; or set host_key_checking = False to trust any key`,
  );
}

function explained(
  error: Error & { level?: string; code?: string },
  identity: Identity,
  settings: SshSettings,
): ConnectionError {
  const { user, host } = settings;
  switch (error.level) {
    case 'client-authentication': {
      const notes =
        identity.notes.length === 0 ? undefined : `keys that could not be used: ${identity.notes.join('; ')}`;
      const denied = `${user}@${host}: Permission denied (${identity.offered}).`;
      if (identity.passwordTried)
        return new ConnectionError('auth', `Invalid/incorrect password: ${denied}`, { hint: notes });
      return failed('auth', denied, error, notes);
    }
    case 'client-timeout':
      return failed('lost', `${host} has not answered for a while: ${error.message}`, error);
    default:
      return failed('lost', `${host}: ${error.message}`, error);
  }
}

class Ssh2Link implements Link {
  readonly capacity = SHELLS_A_LOGIN;
  lost: ConnectionError | undefined;
  readonly #client: SshClient;
  readonly #settings: SshSettings;
  readonly #hop: Link | undefined;

  constructor(client: SshClient, settings: SshSettings, hop: Link | undefined) {
    this.#client = client;
    this.#settings = settings;
    this.#hop = hop;
    const host = settings.host;
    client.removeAllListeners('error').removeAllListeners('close');
    client.on('error', (error) => {
      const silent = (error as { level?: string }).level === 'client-timeout';
      this.lost ??= new ConnectionError('lost', silent ? `${host} does not answer any more` : error.message, {
        cause: error,
      });
    });
    client.on('close', () => {
      this.lost ??= new ConnectionError('lost', `${host} closed the connection`);
      hop?.close();
    });
  }

  async open(argv: readonly string[], options: OpenOptions = {}): Promise<Shell> {
    if (this.lost !== undefined) throw this.lost;
    const line = options.terminal === true ? terminalLine(argv) : loginLine(argv);
    const channel = await new Promise<ClientChannel>((resolve, reject) => {
      const gone = (): void => reject(this.lost);
      this.#client.once('close', gone);
      try {
        this.#client.exec(
          line,
          { env: this.#settings.environment, ...(options.terminal === true ? { pty: { term: 'dumb' } } : {}) },
          (error, opened) => {
            this.#client.off('close', gone);
            if (error === undefined) resolve(opened);
            else reject(refused(error));
          },
        );
      } catch (error) {
        this.#client.off('close', gone);
        reject(this.lost ?? new ConnectionError('lost', (error as Error).message, { cause: error }));
      }
    });
    return this.#shell(channel);
  }

  forward(host: string, port: number): Promise<Duplex> {
    return new Promise((resolve, reject) => {
      if (this.lost !== undefined) return reject(this.lost);
      const gone = (): void => reject(this.lost);
      this.#client.once('close', gone);
      this.#client.forwardOut('127.0.0.1', 0, host, port, (error, channel) => {
        this.#client.off('close', gone);
        if (error === undefined) resolve(channel);
        else {
          const from = this.#settings.host;
          reject(new ConnectionError('refused', `${host}:${port} from ${from}: ${error.message}`, { cause: error }));
        }
      });
    });
  }

  close(): void {
    this.lost ??= new ConnectionError('lost', 'the connection was closed');
    this.#client.end();
    // A host that is cut off would keep the socket, and us, waiting.
    setTimeout(() => this.#client.destroy(), 500).unref();
    this.#hop?.close();
  }

  #shell(channel: ClientChannel): Shell {
    let end = '';
    channel.on('exit', (code: number | null, signal?: string) => {
      end = signal ? ` by signal ${signal}` : ` with exit code ${code}`;
    });
    const ended = new Promise<ConnectionError>((resolve) => {
      const over = (): void => {
        this.#client.off('close', over);
        resolve(this.lost ?? new ConnectionError('lost', `the shell ended${end}`));
      };
      channel.once('close', over);
      this.#client.once('close', over);
    });
    return { stdin: channel, stdout: channel, stderr: channel.stderr, ended, close: () => channel.close() };
  }
}

/** With a terminal: no echo, nothing translated, before anything else is said. */
function terminalLine(argv: readonly string[]): string {
  return loginLine(argv);
}

function refused(error: Error & { reason?: number | string }): Error {
  // Reasons of RFC 4254: 1 prohibited (what sshd says at MaxSessions), 2 connect failed, 4 resource shortage.
  if (/open failure|open failed/i.test(error.message)) return new Crowded(error.message);
  return new ConnectionError('refused', error.message, { cause: error });
}
