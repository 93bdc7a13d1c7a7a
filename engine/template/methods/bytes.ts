// Methods of bytes.

import type { Bytes, Value } from '../../model/value.ts';
import { Fault } from '../fault.ts';
import { str } from '../python/text.ts';
import { methods } from './define.ts';

const LATIN: ReadonlySet<string> = new Set(['latin1', 'latin-1', 'iso-8859-1', 'iso8859-1']);
const ASCII: ReadonlySet<string> = new Set(['ascii', 'us-ascii']);
const UTF8: ReadonlySet<string> = new Set(['utf-8', 'utf8']);

/** The text that the bytes are in the encoding. Throws where they are not. */
export function decode(data: Uint8Array, encoding: string, errors: string): string {
  const name = encoding.toLowerCase().replaceAll('_', '-');
  if (LATIN.has(name)) return Buffer.from(data).toString('latin1');
  if (!ASCII.has(name) && !UTF8.has(name)) throw new Fault('ValueError', `unknown encoding: ${encoding}`);
  if (errors !== 'strict') return new TextDecoder('utf-8', { ignoreBOM: true }).decode(data);
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(data);
  } catch {
    throw new Fault('ValueError', `'${name}' codec can't decode the bytes`);
  }
}

export const BYTES = methods<Bytes>('bytes', {
  decode: [
    ['encoding?', 'errors?'],
    (self, [encoding, errors]): Value => decode(self.data, str(encoding ?? 'utf-8'), str(errors ?? 'strict')),
  ],
  hex: [[], (self) => Buffer.from(self.data).toString('hex')],
});
