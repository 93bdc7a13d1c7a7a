// The words of the protocol: requests as the loop reads them, and answers found again in two streams of bytes.

import { ConnectionError } from '../model/errors.ts';
import { quote } from '../module/sh.ts';

/** A request of shell text for the loop: a header line, then the text. */
export function request(nonce: string, text: string, bash: boolean): Buffer {
  const body = Buffer.from(`${text}\n`);
  // Reading by lines costs a system call a byte; a `head` costs a process, but once.
  if (body.length > (bash ? 1_000 : 3_000))
    return Buffer.concat([Buffer.from(`${nonce} bytes ${body.length}\n`), body]);
  let lines = 0;
  for (const byte of body) if (byte === 10) lines++;
  return Buffer.concat([Buffer.from(`${nonce} lines ${lines}\n`), body]);
}

/** Shell text that sets the environment and umask of one call. Throws ConnectionError for a name that no shell can set. */
export function surroundings(
  environment: Readonly<Record<string, string>> | undefined,
  umask: string | undefined,
): string {
  let text = umask === undefined ? '' : `umask ${quote(umask)}\n`;
  for (const [name, value] of Object.entries(environment ?? {})) {
    if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(name))
      throw new ConnectionError('unsupported', `the environment variable "${name}" cannot be set by a POSIX shell`);
    text += `export ${name}=${quote(value)}\n`;
  }
  return text;
}

/** Takes the answer to one request out of one stream: what stands between its two marks. */
export class Ear {
  readonly #open: Buffer;
  readonly #shut: Buffer;
  readonly #onBytes: ((bytes: Uint8Array) => void) | undefined;
  readonly #limit: number;
  #started = false;
  #held: Buffer = Buffer.alloc(0);
  #chunks: Buffer[] = [];
  #size = 0;
  /** The words after the opening mark, once it was seen. */
  heading: readonly string[] | undefined;
  /** The words after the closing mark, once it was seen. */
  trailer: readonly string[] | undefined;
  /** More was said than is kept. */
  overflowed = false;

  constructor(nonce: string, number: number, limit: number, onBytes?: (bytes: Uint8Array) => void) {
    this.#open = Buffer.from(`${nonce}:${number}`);
    this.#shut = Buffer.from(`${nonce}.${number}`);
    this.#limit = limit;
    this.#onBytes = onBytes;
  }

  get done(): boolean {
    return this.trailer !== undefined;
  }

  /** What was said, between the marks. */
  bytes(): Uint8Array {
    return this.#chunks.length === 1 ? this.#chunks[0]! : Buffer.concat(this.#chunks, this.#size);
  }

  hear(chunk: Buffer): void {
    if (this.done) return;
    let rest = this.#held.length === 0 ? chunk : Buffer.concat([this.#held, chunk]);
    this.#held = Buffer.alloc(0);
    if (!this.#started) {
      const line = wordsAfter(rest, this.#open);
      if (line === undefined) {
        this.#held = tailThatMayBecome(rest, this.#open);
        return;
      }
      this.#started = true;
      this.heading = line.words;
      rest = rest.subarray(line.end);
    }
    const at = rest.indexOf(this.#shut);
    if (at < 0) {
      const tail = tailThatMayBecome(rest, this.#shut);
      this.#keep(rest.subarray(0, rest.length - tail.length));
      this.#held = tail;
      return;
    }
    this.#keep(rest.subarray(0, at));
    const line = wordsAfter(rest, this.#shut);
    if (line === undefined) this.#held = rest.subarray(at);
    else this.trailer = line.words;
  }

  #keep(bytes: Buffer): void {
    if (bytes.length === 0) return;
    this.#onBytes?.(bytes);
    if (this.#size + bytes.length > this.#limit) {
      this.overflowed = true;
      return;
    }
    this.#chunks.push(bytes);
    this.#size += bytes.length;
  }
}

function wordsAfter(bytes: Buffer, mark: Buffer): { words: readonly string[]; end: number } | undefined {
  const at = bytes.indexOf(mark);
  if (at < 0) return undefined;
  const end = bytes.indexOf(10, at + mark.length);
  if (end < 0) return undefined;
  const text = bytes.toString('latin1', at + mark.length, end).trim();
  return { words: text === '' ? [] : text.split(' '), end: end + 1 };
}

/** The end of the bytes from where a mark, or the line that it begins, may still be coming. */
function tailThatMayBecome(bytes: Buffer, mark: Buffer): Buffer {
  const whole = bytes.indexOf(mark);
  if (whole >= 0) return bytes.subarray(whole);
  for (let length = Math.min(mark.length - 1, bytes.length); length > 0; length--) {
    const start = bytes.length - length;
    if (bytes.compare(mark, 0, length, start) === 0) return bytes.subarray(start);
  }
  return bytes.subarray(bytes.length);
}
