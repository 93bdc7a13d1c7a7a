// What happens between starting a shell and its first frame: noise of rc files, a prompt for a password, a refusal.

import { ConnectionError } from '../model/errors.ts';
import type { Escalation } from './become.ts';
import type { Shell } from './transport.ts';

const NOISE_LIMIT = 8192;

export class Door {
  readonly #shell: Shell;
  readonly #ready: string;
  readonly #escalation: Escalation | undefined;
  readonly #program: string;
  #noise = '';
  #opened = false;
  #told = false;

  constructor(shell: Shell, ready: string, escalation: Escalation | undefined, program: string) {
    this.#shell = shell;
    this.#ready = ready;
    this.#escalation = escalation;
    this.#program = program;
    // Where nobody asks for a password, there is no need to wait for the shell.
    const silent = escalation?.method === 'sudo' && escalation.password === undefined && !escalation.terminal;
    if (escalation === undefined || silent) this.#enter();
  }

  /** The method wants a terminal, and had none. */
  get wantsTerminal(): boolean {
    return this.#escalation?.terminal === false && /\b(?:must|requires?)\b.*\b(?:tty|terminal)\b/i.test(this.#noise);
  }

  /** Takes what the host says before the session speaks; gives the reason when it is clear that it never will. */
  hear(chunk: Buffer): ConnectionError | undefined {
    if (this.#opened) return undefined;
    this.#noise = (this.#noise + chunk.toString('utf8')).slice(-NOISE_LIMIT);
    if (this.#noise.includes(this.#ready)) {
      this.#enter();
      return undefined;
    }
    const escalation = this.#escalation;
    if (!escalation?.prompt.test(this.#noise)) return undefined;
    if (escalation.password === undefined) return failure(`Missing ${escalation.method} password`);
    // A second prompt says that the password was wrong: no further guess, which could lock the account.
    if (this.#told) return failure(`Incorrect ${escalation.method} password`);
    this.#told = true;
    this.#noise = '';
    this.#shell.stdin.write(`${escalation.password}\n`);
    return undefined;
  }

  /** The reason, when the shell ended before it spoke. */
  shut(error: ConnectionError): ConnectionError {
    const noise = this.#noise.replaceAll(this.#ready, '').trim();
    if (this.#escalation === undefined || this.#opened || error.fault !== 'lost') {
      if (noise === '') return error;
      return new ConnectionError(error.fault, `${error.message}: ${noise}`, { hint: error.hint, cause: error.cause });
    }
    const { method } = this.#escalation;
    if (/a (?:terminal|tty|password) is required|password is required/i.test(noise) && !this.#told)
      return failure(`Missing ${method} password`, noise);
    if (this.#told && !/sudoers|not allowed|not permitted|unknown user|not found|does not exist/i.test(noise))
      return failure(`Incorrect ${method} password`, noise);
    return failure(`${method} refused: ${noise || 'it ended without a word'}`);
  }

  /** The reason, when nothing happened in time. */
  late(): ConnectionError {
    const noise = this.#noise.trim();
    const said = noise === '' ? '' : `; it said: ${noise.slice(-500)}`;
    return new ConnectionError(
      'timeout',
      `the host accepted the connection, but its shell did not answer in time${said}`,
    );
  }

  #enter(): void {
    if (this.#shell.stdin.writableEnded) return;
    if (this.#program !== '' && !this.#entered) this.#shell.stdin.write(this.#program);
    this.#entered = true;
    this.#opened ||= this.#noise.includes(this.#ready);
  }

  #entered = false;
}

function failure(message: string, noise = ''): ConnectionError {
  return new ConnectionError('become', message, noise === '' ? {} : { hint: `the host said: ${noise}` });
}
