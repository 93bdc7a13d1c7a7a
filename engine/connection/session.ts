// A session: one `sh` kept alive on the host, spoken to in frames, one request at a time. It knows nothing of how the
// shell was reached; opening it includes becoming another user.

import { randomBytes } from 'node:crypto';
import { createReadStream } from 'node:fs';
import type { Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { ConnectionError } from '../model/errors.ts';
import { quote } from '../module/sh.ts';
import type { Escalation } from './become.ts';
import type { ExecResult, How, Library, Source } from './contract.ts';
import { Door } from './door.ts';
import { Ear, request, surroundings } from './frame.ts';
import { bootstrap, errorNonce, type Greeting, program } from './loop.ts';
import type { OpenOptions, Shell } from './transport.ts';

/** An answer keeps at most this much of each stream: a string of it must still fit where results are built. */
export const OUTPUT_LIMIT = 256 * 1024 * 1024;
/** Standard input larger than this goes straight down the session's own, which is used up by it. */
const STOCK_LIMIT = 256 * 1024;
/** One argument of a program holds 128 KiB on Linux; a longer command goes to its shell as a file. */
const ARGUMENT_LIMIT = 100_000;

const NOTHING = Buffer.alloc(0);

export interface Answer extends ExecResult {
  readonly overflowed: boolean;
}

export interface SessionPlan {
  /** The shell on the host. */
  readonly executable: string;
  readonly escalation: Escalation | undefined;
  /** Milliseconds until the shell must have answered. */
  readonly timeout: number;
  readonly open: (argv: readonly string[], options?: OpenOptions) => Promise<Shell>;
}

/** Bytes that follow a request. */
interface Payload {
  readonly file?: Buffer | undefined;
  readonly source?: Source | undefined;
  /** Nothing follows any more: the end of the source is the end of the session's input. */
  readonly last?: boolean;
}

interface Pending {
  readonly out: Ear;
  readonly err: Ear;
  readonly sent: string;
  resolve(answer: Answer): void;
  reject(error: ConnectionError): void;
}

export class Session {
  readonly #shell: Shell;
  readonly #nonce: string;
  readonly #executable: string;
  /** Both streams are one, and its end cannot be told. */
  readonly #terminal: boolean;
  readonly #defined = new Map<string, string>();
  #number = 0;
  #pending: Pending | undefined;
  #lost: ConnectionError | undefined;
  #pumps: readonly number[] = [];
  greeting: Greeting | undefined;

  /** Called once, when the session is no longer of use. */
  onLost: (() => void) | undefined;

  private constructor(shell: Shell, nonce: string, executable: string, terminal: boolean) {
    this.#terminal = terminal;
    this.#shell = shell;
    this.#nonce = nonce;
    this.#executable = executable;
  }

  /** Starts a shell on the host, as the user to become. Throws ConnectionError. */
  static async open(plan: SessionPlan): Promise<Session> {
    const ready = `ready-${randomBytes(8).toString('hex')}`;
    // A control character first: what a script says while it runs is not held back for looking like the start of a mark.
    const nonce = `\x1e${randomBytes(12).toString('hex')}`;
    const terminal = plan.escalation?.terminal ?? false;
    const inner = [plan.executable, '-c', bootstrap(ready, terminal)];
    const argv = plan.escalation?.argv(inner) ?? inner;
    const shell = await plan.open(argv, { terminal });
    const session = new Session(shell, nonce, plan.executable, terminal);
    const door = new Door(shell, ready, plan.escalation, program(nonce, `.sh-${randomBytes(8).toString('hex')}`));
    const timer = setTimeout(() => session.#lose(door.late()), plan.timeout);
    try {
      const greeted = session.#await(0, '', {});
      session.#listen(door);
      const words = Buffer.from((await greeted).stdout)
        .toString()
        .trim()
        .split(' ');
      session.greeting = { pid: Number(words[0]), bash: words[1] === 'bash', setsid: words[2] === 'setsid' };
      return session;
    } catch (error) {
      session.close();
      if (plan.escalation === undefined || !door.wantsTerminal) throw error;
      return await Session.open({ ...plan, escalation: { ...plan.escalation, terminal: true } });
    } finally {
      clearTimeout(timer);
    }
  }

  /** Called when more was said than is kept: it will not stop by itself. */
  onOverflow: (() => void) | undefined;
  /** Called when the running script has begun, or never will. */
  onBegun: (() => void) | undefined;
  /** Called when the running script has ended. */
  onAnswer: (() => void) | undefined;

  /** The number of the script that is running; undefined when none is. */
  get working(): number | undefined {
    return this.#pending === undefined ? undefined : this.#number;
  }

  /** The running script has begun: who pumps its output is known. */
  get begun(): boolean {
    return this.#pending?.out.heading !== undefined;
  }

  get lost(): ConnectionError | undefined {
    return this.#lost;
  }

  /** Processes that belong to the session itself while a script runs. */
  get pumps(): readonly number[] {
    return this.#pumps;
  }

  /** Runs a script; the answer comes when it has ended. Throws ConnectionError. */
  async run(script: string, how: How = {}): Promise<Answer> {
    const number = ++this.#number;
    const stdin = how.stdin;
    const direct = how.asking === true && how.foreground !== true;
    const way = this.#terminal ? 'kept' : direct ? 'direct' : 'apart';
    const stocked = stdin !== undefined && (stdin.size <= STOCK_LIMIT || this.#terminal);
    const { body, file } = this.#body(script, how);
    let text = this.#definitions(how);
    if (file !== undefined) text += `stock ${number} ${file.length} s\n`;
    if (stocked) text += `stock ${number} ${stdin.size} i\n`;
    text += `${way} ${number} ${quote(body)}`;
    text += stdin === undefined ? ' </dev/null' : stocked ? ' <"$_t_d/i"\nrm -f "$_t_d/i"' : '';
    const last = stdin !== undefined && !stocked;
    const answer = this.#ask(number, text, script, how, { file, source: stdin, last });
    // The script had the session's own input: nothing can follow.
    return last ? answer.finally(() => this.close()) : answer;
  }

  /** Writes bytes to a path. A non-zero rc leaves the session unusable. Throws ConnectionError. */
  async deliver(path: string, bytes: Source): Promise<Answer> {
    const number = ++this.#number;
    const text = `deliver ${number} ${bytes.size} ${quote(path)}`;
    const answer = await this.#ask(number, text, `cat > ${quote(path)}`, {}, { source: bytes });
    if (answer.rc !== 0) this.close();
    return answer;
  }

  close(): void {
    this.#lose(new ConnectionError('lost', 'the session was closed'));
  }

  #definitions(how: How): string {
    if (how.foreground === true) return '';
    let text = '';
    for (const library of how.uses ?? []) {
      if (this.#defined.get(library.name) === library.text) continue;
      text += `define ${quote(library.text)}\n`;
      this.#defined.set(library.name, library.text);
    }
    return text;
  }

  /** The text to evaluate, and what it needs as the file `s` because it is too long for an argument. */
  #body(script: string, how: How): { body: string; file?: Buffer } {
    const around = surroundings(how.environment, how.umask);
    if (how.foreground !== true) return { body: `${around}LC_ALL=C LANGUAGE= export LC_ALL LANGUAGE\n${script}` };
    const whole = [...(how.uses ?? []).map((library: Library) => library.text as string), script].join('\n');
    const start = `${this.greeting?.setsid ? 'exec setsid' : 'exec'} ${quote(this.#executable)}`;
    const bytes = Buffer.from(`${whole}\n`);
    if (bytes.length <= ARGUMENT_LIMIT) return { body: `${around}${start} -c ${quote(whole)}` };
    return { body: `${around}${start} "$_t_d/s"`, file: bytes };
  }

  #ask(number: number, text: string, sent: string, how: How, payload: Payload): Promise<Answer> {
    if (this.#lost !== undefined) return Promise.reject(this.#lost);
    const answer = this.#await(number, sent, how);
    const { stdin } = this.#shell;
    const { file, source, last = false } = payload;
    stdin.write(
      Buffer.concat([
        request(this.#nonce, text, this.greeting?.bash ?? false),
        file ?? NOTHING,
        source?.bytes ?? NOTHING,
      ]),
    );
    if (source !== undefined && source.bytes === undefined)
      void pour(source, stdin, last).catch((error: Error) => {
        // A script may end without reading all of its input.
        if (!last || error instanceof Changed) this.#lose(new ConnectionError('lost', error.message));
      });
    else if (last) stdin.end();
    return answer;
  }

  #await(number: number, sent: string, how: How): Promise<Answer> {
    const onOutput = how.onOutput;
    return new Promise((resolve, reject) => {
      this.#pending = {
        out: new Ear(this.#nonce, number, OUTPUT_LIMIT, onOutput && ((bytes) => onOutput(bytes, 'out'))),
        err: new Ear(errorNonce(this.#nonce), number, OUTPUT_LIMIT, onOutput && ((bytes) => onOutput(bytes, 'err'))),
        sent,
        resolve,
        reject,
      };
    });
  }

  #listen(door: Door): void {
    const { stdout, stderr, stdin, ended } = this.#shell;
    const hear = (stream: 'out' | 'err', chunk: Buffer): void => {
      this.#hear(stream, chunk);
      const refusal = this.greeting === undefined ? door.hear(chunk) : undefined;
      if (refusal !== undefined) this.#lose(refusal);
    };
    stdout.on('data', (chunk: Buffer) => hear('out', chunk));
    stderr.on('data', (chunk: Buffer) => hear('err', chunk));
    // A write to a shell that is gone is reported by its end.
    stdin.on('error', () => {});
    void ended.then((error) => this.#lose(this.greeting === undefined ? door.shut(error) : error));
  }

  #hear(stream: 'out' | 'err', chunk: Buffer): void {
    const pending = this.#pending;
    if (pending === undefined) return;
    const { out, err } = pending;
    pending[stream].hear(chunk);
    if (this.#terminal && stream === 'out') err.hear(chunk);
    if (stream === 'out' && out.heading !== undefined) {
      this.#pumps = out.heading.map(Number);
      this.#begin();
    }
    if (out.overflowed || err.overflowed) this.onOverflow?.();
    if (!out.done || !err.done) return;
    this.#pending = undefined;
    this.onAnswer?.();
    this.onAnswer = undefined;
    this.#pumps = [];
    const rc = Number(out.trailer![0]);
    if (Number.isNaN(rc)) {
      const error = new ConnectionError('lost', 'the host could not take the standard input of the script (no room?)');
      pending.reject(error);
      this.#lose(error);
      return;
    }
    pending.resolve({ rc, stdout: out.bytes(), stderr: err.bytes(), overflowed: out.overflowed || err.overflowed });
  }

  #lose(error: ConnectionError): void {
    if (this.#lost !== undefined) return;
    this.#lost = error;
    const pending = this.#pending;
    this.#pending = undefined;
    pending?.reject(
      new ConnectionError(error.fault, error.message, {
        hint: error.hint,
        cause: error.cause,
        unanswered: this.#number === 0 ? undefined : pending.sent,
      }),
    );
    this.#shell.close();
    this.#begin();
    this.onLost?.();
  }

  #begin(): void {
    this.onBegun?.();
    this.onBegun = undefined;
  }
}

class Changed extends Error {}

async function pour(source: Source, into: Writable, end: boolean): Promise<void> {
  if (source.path === undefined) throw new Changed('the content to send is neither in memory nor in a file');
  let size = 0;
  await pipeline(
    createReadStream(source.path, { highWaterMark: 256 * 1024 }),
    async function* (chunks: AsyncIterable<Buffer>) {
      for await (const chunk of chunks) {
        size += chunk.length;
        if (size <= source.size) yield chunk;
      }
      if (size !== source.size) throw new Changed(`${source.path} changed while it was sent`);
    },
    into,
    { end },
  );
}
