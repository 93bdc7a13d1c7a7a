// Text to bytes and back in the encodings that filters and methods may name.

import { Fault } from '../fault.ts';
import { byCode } from './text.ts';

/** Text as bytes. `errors` says what becomes of a character that the encoding lacks: strict, ignore, replace ... Throws a Fault. */
export function encodeText(text: string, encoding: string, errors = 'strict'): Buffer {
  switch (normal(encoding)) {
    case 'utf8':
      return errors === 'surrogateescape' ? unescaping(text) : Buffer.from(text, 'utf8');
    case 'utf8sig':
      return Buffer.from(`\ufeff${text}`, 'utf8');
    case 'utf16':
      return Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(text, 'utf16le')]);
    case 'utf16le':
      return Buffer.from(text, 'utf16le');
    case 'utf16be':
      return Buffer.from(text, 'utf16le').swap16();
    case 'utf32':
      return Buffer.concat([Buffer.from([0xff, 0xfe, 0, 0]), wide(text, true)]);
    case 'utf32le':
      return wide(text, true);
    case 'utf32be':
      return wide(text, false);
    default:
      return narrow(text, encoding, errors);
  }
}

/** Bytes as text. `errors` says what becomes of a byte that is no character there; unless told, UTF-8 and ASCII keep it
 * as a lone surrogate. Throws a Fault. */
export function decodeBytes(bytes: Buffer, encoding: string, errors = 'surrogateescape'): string {
  switch (normal(encoding)) {
    case 'utf8':
      return pieces(bytes, encoding, errors, (at) => widthAt(bytes, at));
    case 'utf8sig':
      return decodeBytes(bytes, 'utf-8', errors).replace(/^\ufeff/, '');
    case 'utf16':
      if (bytes[0] === 0xfe && bytes[1] === 0xff) return Buffer.from(bytes.subarray(2)).swap16().toString('utf16le');
      return (bytes[0] === 0xff && bytes[1] === 0xfe ? bytes.subarray(2) : bytes).toString('utf16le');
    case 'utf16le':
      return bytes.toString('utf16le');
    case 'utf16be':
      return Buffer.from(bytes).swap16().toString('utf16le');
    case 'ascii':
    case 'usascii':
      return pieces(bytes, encoding, errors, (at) => (bytes[at]! < 0x80 ? 1 : 0));
    case 'latin1':
    case 'iso88591':
      return bytes.toString('latin1');
    default:
      return decoder(encoding).decode(bytes);
  }
}

/** Lone surrogates that stand for bytes are those bytes again. */
function unescaping(text: string): Buffer {
  const parts = text.split(/([\udc80-\udcff]+)/u);
  return Buffer.concat(
    parts.map((part, index) =>
      index % 2 === 0
        ? Buffer.from(part, 'utf8')
        : Buffer.from(part.split('').map((char) => char.charCodeAt(0) & 0xff)),
    ),
  );
}

const STRICT = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Decodes what `width` finds to be characters (in bytes; 0 for none), and the bytes between as `errors` says. */
function pieces(bytes: Buffer, encoding: string, errors: string, width: (at: number) => number): string {
  try {
    if (bytes.every((byte) => byte < 0x80) || normal(encoding) === 'utf8') return STRICT.decode(bytes);
  } catch {
    // Byte by byte then.
  }
  let text = '';
  for (let at = 0; at < bytes.length; ) {
    const length = width(at);
    text += length === 0 ? stray(bytes, at, encoding, errors) : bytes.toString('utf8', at, at + length);
    at += Math.max(length, 1);
  }
  return text;
}

function stray(bytes: Buffer, at: number, encoding: string, errors: string): string {
  const byte = bytes[at]!;
  const hex = byte.toString(16).padStart(2, '0');
  switch (errors) {
    case 'surrogateescape':
      return String.fromCharCode(0xdc00 + byte);
    case 'ignore':
      return '';
    case 'replace':
      return '\ufffd';
    case 'backslashreplace':
      return `\\x${hex}`;
    default: {
      const starts = byte >= 0xc2 && byte <= 0xf4;
      const ends = at + 1 >= bytes.length;
      const why = starts ? (ends ? 'unexpected end of data' : 'invalid continuation byte') : 'invalid start byte';
      const reason = normal(encoding).startsWith('utf') ? why : 'ordinal not in range(128)';
      throw new Fault('ValueError', `'${encoding}' codec can't decode byte 0x${hex} in position ${at}: ${reason}`);
    }
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

function wide(text: string, little: boolean): Buffer {
  const points = Array.from(text, (sign) => sign.codePointAt(0)!);
  const data = Buffer.alloc(points.length * 4);
  points.forEach((point, index) => {
    if (little) data.writeUInt32LE(point, index * 4);
    else data.writeUInt32BE(point, index * 4);
  });
  return data;
}

/** A decoder of the platform, by Python's name of the encoding. Throws a Fault where there is none of the name. */
function decoder(encoding: string): InstanceType<typeof TextDecoder> {
  const label = normal(encoding)
    .replace(/^(?:cp|windows)(?=125\d$)/, 'windows-')
    .replace(/^iso8859(\d+)$/, 'iso-8859-$1')
    .replace(/^koi8(?=[ru]$)/, 'koi8-')
    .replace(/^cp866$/, 'ibm866');
  try {
    return new TextDecoder(label);
  } catch {
    throw new Fault('ValueError', `unknown encoding: ${encoding}`);
  }
}

/** The characters of an encoding of single bytes, in the order of the bytes. Throws a Fault where there is none of the name. */
function charset(encoding: string): readonly string[] {
  const name = normal(encoding);
  const bytes = Uint8Array.from({ length: 256 }, (_, byte) => byte);
  if (/^(?:us)?ascii$/.test(name)) return Array.from(bytes.subarray(0, 128), (byte) => String.fromCharCode(byte));
  if (/^(?:latin1?|iso88591|l1)$/.test(name)) return Array.from(bytes, (byte) => String.fromCharCode(byte));
  const signs = Array.from(decoder(encoding).decode(bytes));
  if (signs.length !== 256) throw new Fault('ValueError', `unknown encoding: ${encoding}`);
  return signs;
}

function narrow(text: string, encoding: string, errors: string): Buffer {
  const bytes = new Map(charset(encoding).map((sign, byte) => [sign, byte]));
  const data: number[] = [];
  for (const [place, sign] of Array.from(text).entries()) {
    const byte = bytes.get(sign);
    if (byte !== undefined) data.push(byte);
    else data.push(...Buffer.from(lacking(sign, place, encoding, errors)));
  }
  return Buffer.from(data);
}

/** What stands for a character that the encoding lacks. */
function lacking(sign: string, place: number, encoding: string, errors: string): string {
  switch (errors) {
    case 'ignore':
      return '';
    case 'replace':
      return '?';
    case 'xmlcharrefreplace':
      return `&#${sign.codePointAt(0)};`;
    case 'backslashreplace':
      return byCode(sign);
    default:
      throw new Fault('ValueError', `'${encoding}' codec can't encode character '${sign}' in position ${place}`);
  }
}
