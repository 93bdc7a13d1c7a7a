// Transports that start a program on this machine: the shell itself (local), or something that carries one elsewhere.

import { type ChildProcess, spawn } from 'node:child_process';
import { connect } from 'node:net';
import type { Duplex } from 'node:stream';
import { ConnectionError } from '../model/errors.ts';
import type { Link, Shell, Transport } from './transport.ts';

export interface ProcessOptions {
  readonly env?: NodeJS.ProcessEnv;
  /** Says what it means that the program ended: its exit code, and the end of what it wrote to stderr. */
  readonly reason?: (code: number | null, signal: string | null, stderr: string) => ConnectionError;
}

/** Starts a program with pipes, in a session of its own so that a Ctrl-C at our terminal does not reach it. */
export function startProcess(argv: readonly string[], options: ProcessOptions = {}): Shell {
  const [file, ...args] = argv;
  const child = spawn(file!, args, { stdio: ['pipe', 'pipe', 'pipe'], detached: true, env: options.env });
  let tail = '';
  child.stderr.on('data', (chunk: Buffer) => {
    if (options.reason !== undefined) tail = (tail + chunk.toString()).slice(-4096);
  });
  return {
    stdin: child.stdin,
    stdout: child.stdout,
    stderr: child.stderr,
    ended: new Promise((resolve) => {
      child.on('error', (error) =>
        resolve(new ConnectionError('unsupported', `cannot start ${file}: ${error.message}`)),
      );
      // `exit`, not `close`: something left behind may hold the pipes for ever.
      child.on('exit', (code, signal) => {
        afterOutput(child, () => resolve(options.reason?.(code, signal, tail) ?? plainEnd(file!, code, signal)));
      });
    }),
    close() {
      child.stdin.destroy();
      child.stdout.destroy();
      child.stderr.destroy();
      if (child.exitCode === null && child.signalCode === null) child.kill('SIGHUP');
      child.unref();
    },
  };
}

/** Lets what the program still said be read before its end is told. */
function afterOutput(child: ChildProcess, done: () => void): void {
  let open = 2;
  const one = (): void => {
    if (--open === 0) done();
  };
  for (const stream of [child.stdout!, child.stderr!]) {
    if (stream.readableEnded || stream.destroyed) one();
    else stream.once('close', one);
  }
  setTimeout(done, 200).unref();
}

function plainEnd(file: string, code: number | null, signal: string | null): ConnectionError {
  return new ConnectionError('lost', `${file} ended ${signal === null ? `with exit code ${code}` : `by ${signal}`}`);
}

/** A TCP connection made from this machine. Throws ConnectionError. */
export function connectTcp(host: string, port: number, timeout?: number, family: 0 | 4 | 6 = 0): Promise<Duplex> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host, port, family });
    const timer =
      timeout === undefined
        ? undefined
        : setTimeout(() => socket.destroy(new Error(`no answer in ${timeout / 1000} s`)), timeout);
    socket.once('connect', () => {
      clearTimeout(timer);
      socket.off('error', fail);
      resolve(socket);
    });
    const fail = (error: NodeJS.ErrnoException): void => {
      clearTimeout(timer);
      const fault = error.code === 'ENOTFOUND' || error.code === 'EAI_AGAIN' ? 'resolve' : 'refused';
      reject(new ConnectionError(fault, `${host}:${port}: ${error.message}`, { cause: error }));
    };
    socket.once('error', fail);
  });
}

/** A transport that starts a program for every shell, and whose network is this machine's. */
export function processTransport(argvOf: (argv: readonly string[]) => readonly string[]): Link {
  return {
    capacity: Number.POSITIVE_INFINITY,
    lost: undefined,
    async open(argv, options) {
      if (options?.terminal === true) {
        throw new ConnectionError('unsupported', 'this become method asks for its password on a terminal', {
          hint: 'allow it without a password for this user, or use sudo',
        });
      }
      return startProcess(argvOf(argv));
    },
    forward: (host, port) => connectTcp(host, port),
    close() {},
  };
}

/** The controller itself. */
export const LOCAL: Transport = { dial: async () => processTransport((argv) => argv) };
