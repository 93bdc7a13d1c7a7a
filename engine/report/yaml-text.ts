// Results as YAML, for callback_result_format=yaml: sorted keys, block style, long text as literal blocks.

import { Document, isScalar, Scalar, visit } from 'yaml';
import { Float, type Json, type JsonObject } from '../model/value.ts';
import { byCodePoint } from './json-text.ts';

/** A result as indented YAML without a newline at its end. `lossy` prints text with line breaks as literal blocks. */
export function yamlText(value: Json, indent: number, lossy: boolean): string {
  const document = new Document(plain(value));
  visit(document, {
    Scalar(_key, node) {
      if (isScalar(node) && typeof node.value === 'string' && node.value.includes('\n')) {
        const text = lossy ? node.value.replace(/[ \t]+$/gm, '') : node.value;
        node.value = text;
        node.type = /[ \t]$/m.test(text) ? Scalar.QUOTE_DOUBLE : Scalar.BLOCK_LITERAL;
      }
    },
  });
  const text = document.toString({ indent: 4, lineWidth: 0, singleQuote: true, version: '1.1' } as never).trimEnd();
  const margin = ' '.repeat(indent);
  return text
    .split('\n')
    .map((line) => (line === '' ? line : margin + line))
    .join('\n');
}

function plain(value: Json): unknown {
  if (value instanceof Float) return value.value;
  if (value === null || typeof value !== 'object') return value;
  if (Array.isArray(value)) return value.map(plain);
  const object = value as JsonObject;
  return new Map(
    Object.keys(object)
      .sort(byCodePoint)
      .map((key) => [key, plain(object[key]!)]),
  );
}
