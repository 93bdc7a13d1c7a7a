// Bytes as sources: content that a module or the engine makes.

import { createHash } from 'node:crypto';
import type { Source } from './contract.ts';

/** A source of text (as UTF-8) or bytes. */
export function sourceOf(content: string | Uint8Array): Source {
  const bytes = typeof content === 'string' ? new TextEncoder().encode(content) : content;
  return {
    size: bytes.length,
    sha1: createHash('sha1').update(bytes).digest('hex'),
    md5: createHash('md5').update(bytes).digest('hex'),
    bytes,
  };
}
