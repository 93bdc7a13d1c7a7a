// Methods of bytes.

import type { Bytes } from '../../model/value.ts';
import { decodeBytes } from '../python/codecs.ts';
import { str } from '../python/text.ts';
import { methods } from './define.ts';

export const BYTES = methods<Bytes>('bytes', {
  decode: [
    ['encoding?', 'errors?'],
    (self, [encoding, errors]) =>
      decodeBytes(Buffer.from(self.data), str(encoding ?? 'utf-8'), str(errors ?? 'strict')),
  ],
  hex: [[], (self) => Buffer.from(self.data).toString('hex')],
});
