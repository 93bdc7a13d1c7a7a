// Asks the user on the terminal: passwords without echo, vars_prompt, pause. Where there is no terminal the answer is
// undefined, and the caller says what that means.

import { createInterface } from 'node:readline';
import type { ReadStream, WriteStream } from 'node:tty';

export interface Terminal {
  readonly input: NodeJS.ReadStream | ReadStream;
  readonly output: NodeJS.WriteStream | WriteStream;
}

export interface PromptOptions {
  readonly echo: boolean;
  /** After so many seconds the answer is ''. */
  readonly seconds?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** The line that the user types; undefined without a terminal, or when the user ends the input. */
export function ask(terminal: Terminal, text: string, options: PromptOptions): Promise<string | undefined> {
  const { input, output } = terminal;
  if (!input.isTTY) return Promise.resolve(undefined);
  return options.echo ? askOpenly(terminal, text, options) : askSecretly(input, output, text, options);
}

function askOpenly(terminal: Terminal, text: string, options: PromptOptions): Promise<string | undefined> {
  const reader = createInterface({ input: terminal.input, output: terminal.output });
  return new Promise((resolve) => {
    const settle = once((answer: string | undefined) => {
      reader.close();
      resolve(answer);
    }, options);
    reader.question(text, settle);
    reader.on('close', () => settle(undefined));
    // Ctrl-C at a prompt is the user's Ctrl-C: it must reach the run.
    reader.on('SIGINT', () => process.kill(process.pid, 'SIGINT'));
  });
}

function askSecretly(
  input: Terminal['input'],
  output: Terminal['output'],
  text: string,
  options: PromptOptions,
): Promise<string | undefined> {
  output.write(text);
  return new Promise((resolve) => {
    let typed = '';
    input.setRawMode?.(true);
    input.resume();
    const settle = once((answer: string | undefined) => {
      input.off('data', hear);
      input.setRawMode?.(false);
      input.pause();
      output.write('\n');
      resolve(answer);
    }, options);
    const hear = (chunk: Buffer): void => {
      for (const character of chunk.toString('utf8')) {
        if (character === '\r' || character === '\n') {
          settle(typed);
          return;
        }
        if (character === '\u0004') {
          settle(typed === '' ? undefined : typed);
          return;
        }
        if (character === '\u0003') {
          settle(undefined);
          process.kill(process.pid, 'SIGINT');
          return;
        }
        if (character === '\u007f' || character === '\b') typed = [...typed].slice(0, -1).join('');
        else if (character === '\u0015') typed = '';
        else typed += character;
      }
    };
    input.on('data', hear);
  });
}

/** Settles once: by the user, by the clock, or because the run was stopped. */
function once(
  settle: (answer: string | undefined) => void,
  options: PromptOptions,
): (answer: string | undefined) => void {
  let done = false;
  const stop = (): void => finish(undefined);
  const timer = options.seconds === undefined ? undefined : setTimeout(() => finish(''), options.seconds * 1000);
  const finish = (answer: string | undefined): void => {
    if (done) return;
    done = true;
    if (timer !== undefined) clearTimeout(timer);
    options.signal?.removeEventListener('abort', stop);
    settle(answer);
  };
  options.signal?.addEventListener('abort', stop);
  return finish;
}
