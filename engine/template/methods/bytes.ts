// Methods of bytes: those of text, over text in which bytes beyond ASCII are signs without case or kind.

import { Bytes, Tuple, type Value } from '../../model/value.ts';
import { typeFault } from '../fault.ts';
import { decodeBytes } from '../python/codecs.ts';
import { str } from '../python/text.ts';
import { isText, typeName } from '../python/types.ts';
import { joined, type Methods, methods } from './define.ts';
import { index } from './list.ts';
import { TEXT } from './text.ts';

const SHARED = (
  'capitalize center count endswith expandtabs find index isalnum isalpha isascii isdigit islower isspace istitle ' +
  'isupper join ljust lower lstrip partition removeprefix removesuffix replace rfind rindex rjust rpartition rsplit ' +
  'rstrip split splitlines startswith strip swapcase title upper zfill'
).split(' ');

/** Where bytes beyond ASCII are as signs: private ones. */
const PRIVATE = 0xe000;

function asText(data: Uint8Array): string {
  return Array.from(data, (byte) => String.fromCharCode(byte < 0x80 ? byte : PRIVATE + byte)).join('');
}

function argument(value: Value): Value {
  if (value instanceof Bytes) return asText(value.data);
  if (isText(value)) return typeFault(`a bytes-like object is required, not '${typeName(value)}'`);
  if (value instanceof Tuple) return new Tuple(value.items.map(argument));
  return Array.isArray(value) ? value.map(argument) : value;
}

function result(value: Value): Value {
  if (typeof value === 'string') return new Bytes(Uint8Array.from(value, (sign) => sign.charCodeAt(0) & 0xff));
  if (value instanceof Tuple) return new Tuple(value.items.map(result));
  return Array.isArray(value) ? value.map(result) : value;
}

function shared(): Methods {
  const table: Record<string, Methods[string]> = Object.create(null);
  for (const name of SHARED)
    table[name] = {
      call: (self, { positional, named }, run) => {
        const given = {
          positional: positional.map(argument),
          named: new Map(Array.from(named, ([word, value]) => [word, argument(value)])),
        };
        return result(TEXT[name]!.call(asText((self as Bytes).data), given, run));
      },
    };
  return table;
}

/** Hexadecimal digits, with a mark between groups of bytes; groups are counted from the right, or with a negative size from the left. */
function hex(data: Uint8Array, mark: string, size: number): string {
  const pairs = Array.from(data, (byte) => byte.toString(16).padStart(2, '0'));
  const group = Math.abs(size);
  if (mark === '' || group === 0) return pairs.join('');
  const first = size > 0 ? pairs.length % group : 0;
  return pairs.map((pair, at) => (at > 0 && (at - first) % group === 0 ? mark + pair : pair)).join('');
}

export const BYTES = joined(
  shared(),
  methods<Bytes>('bytes', {
    decode: [
      ['encoding?', 'errors?'],
      (self, [encoding, errors]) =>
        decodeBytes(Buffer.from(self.data), str(encoding ?? 'utf-8'), str(errors ?? 'strict')),
    ],
    hex: [
      ['sep?', 'bytes_per_sep?'],
      (self, [mark, size]) => hex(self.data, mark === undefined ? '' : str(mark), size === undefined ? 1 : index(size)),
    ],
  }),
);
