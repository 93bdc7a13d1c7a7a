// A connection as the rest of the engine has it: sessions opened when needed, reused when idle, replaced when lost.

import type { Duplex } from 'node:stream';
import { ConnectionError, ModuleFailure } from '../model/errors.ts';
import { quote } from '../module/sh.ts';
import { escalation } from './become.ts';
import type { Connection, ConnectionSpec, ExecResult, How, Source } from './contract.ts';
import { killing, PROCESSES, parseProcesses, victims } from './halt.ts';
import type { Route } from './route.ts';
import { type Answer, OUTPUT_LIMIT, Session } from './session.ts';

const SESSION_LIMIT = 32;
/** How long a script that was killed may take to be gone. */
const HALT_PATIENCE = 5_000;

interface Waiter {
  resolve(session: Session): void;
  reject(error: unknown): void;
}

export class PooledConnection implements Connection {
  readonly spec: ConnectionSpec;
  readonly #route: Route;
  #idle: Session[] = [];
  readonly #busy = new Set<Session>();
  readonly #waiting: Waiter[] = [];
  /** Sessions from before the last renewal are not used again. */
  #outdated = new WeakSet<Session>();
  #opening = 0;
  #trips = 0;

  constructor(spec: ConnectionSpec, route: Route) {
    this.spec = spec;
    this.#route = route;
  }

  get trips(): number {
    return this.#trips;
  }

  /** Makes sure that there is a session. Throws ConnectionError. */
  async ready(): Promise<void> {
    this.#release(await this.#take());
  }

  run(script: string, how: How = {}): Promise<ExecResult & { readonly timedOut?: boolean }> {
    return this.#using((session) => this.#watched(session, script, how));
  }

  async put(path: string, bytes: Source, how: How = {}): Promise<void> {
    void how;
    const answer = await this.#using((session) => session.deliver(path, bytes));
    if (answer.rc !== 0) throw refusal(`cannot write ${path}`, answer);
  }

  async get(path: string, how: How = {}): Promise<Uint8Array> {
    const answer = await this.run(`cat < ${quote(path)}`, { asking: true, signal: how.signal });
    if (answer.rc !== 0) throw refusal(`cannot read ${path}`, answer);
    return answer.stdout;
  }

  forward(host: string, port: number): Promise<Duplex> {
    return this.#route.forward(host, port);
  }

  /** Closes idle sessions now and busy ones when their script has ended; the next script finds a new one. */
  renew(): void {
    for (const session of this.#idle.splice(0)) session.close();
    for (const session of this.#busy) this.#outdated.add(session);
  }

  async close(): Promise<void> {
    for (const session of [...this.#idle.splice(0), ...this.#busy]) session.close();
  }

  async #using<T>(work: (session: Session) => Promise<T>): Promise<T> {
    for (;;) {
      const session = await this.#take();
      // It may have been lost between being offered and now: nothing was sent, so another will do.
      if (session.lost !== undefined) {
        this.#release(session);
        continue;
      }
      try {
        this.#trips++;
        return await work(session);
      } catch (error) {
        throw error instanceof ConnectionError ? this.#told(error) : error;
      } finally {
        this.#release(session);
      }
    }
  }

  async #watched(session: Session, script: string, how: How): Promise<ExecResult & { readonly timedOut?: boolean }> {
    let halted: 'timeout' | 'abort' | 'overflow' | undefined;
    const halt = (why: 'timeout' | 'abort' | 'overflow'): void => {
      if (halted !== undefined) return;
      halted = why;
      void this.#halt(session);
    };
    const abort = (): void => halt('abort');
    if (how.signal?.aborted) throw new ConnectionError('lost', 'interrupted before the script was sent');
    const timer =
      how.timeout === undefined ? undefined : setTimeout(() => halt('timeout'), Math.max(how.timeout, 0) * 1000);
    how.signal?.addEventListener('abort', abort);
    session.onOverflow = () => halt('overflow');
    try {
      const answer = await session.run(script, how);
      if (halted === 'overflow' || answer.overflowed) return tooMuch(answer);
      return halted === undefined ? answer : { ...answer, signal: 'KILL', timedOut: halted === 'timeout' };
    } catch (error) {
      // Nothing but closing the session helped.
      if (halted === undefined || !(error instanceof ConnectionError)) throw error;
      const nothing = new Uint8Array();
      return { rc: 137, stdout: nothing, stderr: nothing, signal: 'KILL', timedOut: halted === 'timeout' };
    } finally {
      clearTimeout(timer);
      how.signal?.removeEventListener('abort', abort);
      session.onOverflow = undefined;
    }
  }

  /** Kills what the session runs; closes the session if that does not end it. */
  async #halt(session: Session): Promise<void> {
    const patience = setTimeout(() => session.close(), HALT_PATIENCE);
    session.onAnswer = () => clearTimeout(patience);
    try {
      // On a busy host the time may be up before it has: its pumps, not known yet, would die with it, and its words with them.
      if (!session.begun) await new Promise<void>((resolve) => (session.onBegun = resolve));
      const shell = session.greeting!.pid;
      const number = session.working;
      // Twice: what was started while the list was made is found the second time.
      for (let round = 0; round < 2 && number !== undefined && session.working === number; round++) {
        const list = await this.#using((other) => other.run(PROCESSES, { asking: true }));
        const pids = victims(parseProcesses(Buffer.from(list.stdout).toString()), shell, session.pumps);
        if (pids.length > 0 && session.working === number)
          await this.#using((other) => other.run(killing(pids), { asking: true }));
      }
    } catch (error) {
      if (!(error instanceof ConnectionError)) throw error;
      session.close();
    }
  }

  #take(): Promise<Session> {
    const idle = this.#idle.pop();
    if (idle !== undefined) {
      this.#busy.add(idle);
      return Promise.resolve(idle);
    }
    return new Promise((resolve, reject) => {
      this.#waiting.push({ resolve, reject });
      this.#grow();
    });
  }

  #release(session: Session): void {
    this.#busy.delete(session);
    if (this.#outdated.has(session)) session.close();
    if (session.lost === undefined) this.#offer(session);
    else this.#grow();
  }

  #offer(session: Session): void {
    const waiter = this.#waiting.shift();
    if (waiter === undefined) this.#idle.push(session);
    else {
      this.#busy.add(session);
      waiter.resolve(session);
    }
  }

  #grow(): void {
    if (this.#opening >= this.#waiting.length) return;
    if (this.#busy.size + this.#opening >= SESSION_LIMIT) return;
    this.#opening++;
    this.#open().then(
      (session) => {
        this.#opening--;
        session.onLost = () => this.#forget(session);
        this.#offer(session);
      },
      (error: unknown) => {
        this.#opening--;
        // Others are at work and will be free some time.
        if (this.#busy.size > 0 || this.#opening > 0) return;
        for (const waiter of this.#waiting.splice(0)) waiter.reject(error);
      },
    );
  }

  async #open(): Promise<Session> {
    const { spec } = this;
    try {
      return await Session.open({
        executable: spec.executable,
        escalation: spec.become === undefined ? undefined : escalation(spec.become),
        timeout: (spec.timeout + 20) * 1000,
        open: (argv, options) => this.#route.open(argv, options),
      });
    } catch (error) {
      throw error instanceof ConnectionError ? this.#told(error) : error;
    }
  }

  #forget(session: Session): void {
    this.#idle = this.#idle.filter((other) => other !== session);
  }

  #told(error: ConnectionError): ConnectionError {
    if (error.fault !== 'lost' || error.message.includes(this.spec.host)) return error;
    const message = `the connection to ${this.spec.host} was lost: ${error.message}`;
    return new ConnectionError('lost', message, { hint: error.hint, cause: error, unanswered: error.unanswered });
  }
}

function refusal(what: string, answer: ExecResult): ModuleFailure {
  const reason = Buffer.from(answer.stderr).toString().trim().split('\n').at(-1);
  return new ModuleFailure(`${what}: ${reason || `exit code ${answer.rc}`}`, { rc: answer.rc });
}

function tooMuch(answer: Answer): ExecResult {
  const text = `the output is larger than ${OUTPUT_LIMIT / 1024 / 1024} MiB: the script was killed, its output is cut\n`;
  return { ...answer, rc: answer.rc === 0 ? 1 : answer.rc, stderr: Buffer.concat([answer.stderr, Buffer.from(text)]) };
}
