// The words and numbers that Ansible takes for a bool.

import type { Value } from '../../model/value.ts';
import { str } from '../python/text.ts';
import { isText } from '../python/types.ts';

const TRUE_WORDS = new Set(['yes', 'on', '1', 'true', 't', 'y']);
const FALSE_WORDS = new Set(['no', 'off', '0', 'false', 'f', 'n', '']);

/** What Ansible takes for a bool; undefined for anything else. */
export function boolOf(value: Value): boolean | undefined {
  if (typeof value === 'boolean') return value;
  if (isText(value)) {
    const word = str(value).trim().toLowerCase();
    return TRUE_WORDS.has(word) ? true : FALSE_WORDS.has(word) && word !== '' ? false : undefined;
  }
  if (value !== null && (typeof value === 'number' || typeof value === 'object')) {
    const number = typeof value === 'number' ? value : Number((value as { value?: number }).value);
    return number === 1 ? true : number === 0 ? false : undefined;
  }
  return undefined;
}
