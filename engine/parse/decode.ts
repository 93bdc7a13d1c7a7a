// Bytes of a file -> text: YAML is UTF-8, and a byte that is none would be lost without a word.

import { PlaybookError } from '../model/errors.ts';

/** The text of a file. Throws PlaybookError with the place of the first byte that is no UTF-8. */
export function decode(bytes: Uint8Array, file: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (cause) {
    const before = validPart(bytes).split('\n');
    throw new PlaybookError(`YAML parsing failed: File '${file}' could not be decoded as 'utf-8'.`, {
      position: { file, line: before.length, column: [...before.at(-1)!].length + 1 },
      hint: 'Save the file as UTF-8.',
      cause,
    });
  }
}

function validPart(bytes: Uint8Array): string {
  const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  let text = '';
  try {
    for (const byte of bytes) text += decoder.decode(Uint8Array.of(byte), { stream: true });
  } catch {
    return text;
  }
  return text;
}
