// Text to bytes and back in the encodings that filters may name.

import { Fault } from '../fault.ts';

/** Text as bytes. Throws a Fault for an unknown encoding or a character that it lacks. */
export function encodeText(text: string, encoding: string): Buffer {
  switch (normal(encoding)) {
    case 'utf8':
      return Buffer.from(text, 'utf8');
    case 'utf16':
      return Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(text, 'utf16le')]);
    case 'utf16le':
      return Buffer.from(text, 'utf16le');
    case 'utf16be':
      return Buffer.from(text, 'utf16le').swap16();
    case 'ascii':
    case 'usascii':
      return narrow(text, 0x7f, 'ascii');
    case 'latin1':
    case 'iso88591':
      return narrow(text, 0xff, 'latin-1');
    default:
      throw new Fault('ValueError', `unknown encoding: ${encoding}`);
  }
}

/** Bytes as text; a byte that is no UTF-8 becomes a lone surrogate, as Python's `surrogateescape` has it. */
export function decodeBytes(bytes: Buffer, encoding: string): string {
  switch (normal(encoding)) {
    case 'utf8':
      return escaping(bytes);
    case 'utf16':
      if (bytes[0] === 0xfe && bytes[1] === 0xff) return Buffer.from(bytes.subarray(2)).swap16().toString('utf16le');
      return (bytes[0] === 0xff && bytes[1] === 0xfe ? bytes.subarray(2) : bytes).toString('utf16le');
    case 'utf16le':
      return bytes.toString('utf16le');
    case 'utf16be':
      return Buffer.from(bytes).swap16().toString('utf16le');
    case 'ascii':
    case 'usascii':
      return bytes.toString('latin1').replace(/[\x80-\xff]/g, '\ufffd');
    case 'latin1':
    case 'iso88591':
      return bytes.toString('latin1');
    default:
      throw new Fault('ValueError', `unknown encoding: ${encoding}`);
  }
}

const STRICT = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

function escaping(bytes: Buffer): string {
  try {
    return STRICT.decode(bytes);
  } catch {
    let text = '';
    for (let at = 0; at < bytes.length; ) {
      const width = widthAt(bytes, at);
      text += width === 0 ? String.fromCharCode(0xdc00 + bytes[at]!) : bytes.toString('utf8', at, at + width);
      at += Math.max(width, 1);
    }
    return text;
  }
}

/** Bytes of the character that starts at `at`; 0 where none does. */
function widthAt(bytes: Buffer, at: number): number {
  for (let width = 1; width <= 4 && at + width <= bytes.length; width++) {
    try {
      STRICT.decode(bytes.subarray(at, at + width));
      return width;
    } catch {
      // Perhaps the character is longer.
    }
  }
  return 0;
}

function normal(encoding: string): string {
  return encoding.toLowerCase().replace(/[-_ ]/g, '');
}

function narrow(text: string, most: number, name: string): Buffer {
  for (const [i, char] of [...text].entries())
    if (char.codePointAt(0)! > most)
      throw new Fault(
        'ValueError',
        `'${name}' codec can't encode character at position ${i}: ordinal not in range(${most + 1})`,
      );
  return Buffer.from(text, 'latin1');
}
