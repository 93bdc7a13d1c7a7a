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
      return bytes
        .toString('latin1')
        .replace(/[\x80-\xff]/g, (byte) => String.fromCharCode(0xdc00 + byte.charCodeAt(0)));
    case 'latin1':
    case 'iso88591':
      return bytes.toString('latin1');
    case 'utf8sig':
      return escaping(bytes).replace(/^\ufeff/, '');
    default:
      return otherDecoder(encoding).decode(bytes);
  }
}

/** Bytes as text. Throws a ValueError fault for the first byte that the encoding has no character for. */
export function decodeStrictly(bytes: Buffer, encoding: string): string {
  const text = decodeBytes(bytes, encoding);
  const name = normal(encoding);
  const fault = (at: number, why: string): never => {
    const byte = bytes[at]!.toString(16).padStart(2, '0');
    throw new Fault('ValueError', `'${encoding}' codec can't decode byte 0x${byte} in position ${at}: ${why}`);
  };
  if (name === 'ascii' || name === 'usascii') {
    const at = bytes.findIndex((byte) => byte > 0x7f);
    if (at >= 0) fault(at, 'ordinal not in range(128)');
  }
  if (name === 'utf8' || name === 'utf8sig') {
    const lone = /[\ud800-\udfff]/u.exec(text);
    if (lone !== null) {
      const at = Buffer.byteLength(text.slice(0, lone.index));
      const starts = bytes[at]! >= 0xc2 && bytes[at]! <= 0xf4;
      const ends = at + 1 >= bytes.length;
      fault(at, starts ? (ends ? 'unexpected end of data' : 'invalid continuation byte') : 'invalid start byte');
    }
  }
  return text;
}

/** A decoder of the platform, by Python's name of the encoding. */
function otherDecoder(encoding: string): InstanceType<typeof TextDecoder> {
  try {
    return new TextDecoder(
      encoding
        .toLowerCase()
        .replace(/^cp(125\d)$/, 'windows-$1')
        .replace(/^iso8859/, 'iso-8859'),
    );
  } catch {
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
