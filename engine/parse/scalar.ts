// What a plain YAML scalar means. Playbooks are YAML 1.1 as Python's readers take it (`yes` is true, 0644 is octal,
// 1:30 is ninety, 1e3 is text), which no schema of the yaml package gives: so the rules stand here, in one table.

import { Bytes, float, type Value } from '../model/value.ts';

const BOOL = new Map<string, boolean>();
for (const [word, meaning] of [
  ['yes', true],
  ['true', true],
  ['on', true],
  ['no', false],
  ['false', false],
  ['off', false],
] as const) {
  for (const form of [word, word[0]!.toUpperCase() + word.slice(1), word.toUpperCase()]) BOOL.set(form, meaning);
}

const NULL = new Set(['', '~', 'null', 'Null', 'NULL']);
const INT = /^[-+]?(?:0b[01_]+|0x[0-9a-fA-F_]+|0[0-7_]+|0|[1-9][0-9_]*(?::[0-5]?[0-9])*)$/;
const FLOAT =
  /^(?:[-+]?[0-9][0-9_]*\.[0-9_]*(?:[eE][-+][0-9]+)?|\.[0-9][0-9_]*(?:[eE][-+][0-9]+)?|[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+\.[0-9_]*|[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN))$/;
const TIMESTAMP =
  /^\d{4}-(?:\d\d-\d\d|\d\d?-\d\d?(?:[Tt]|[ \t]+)\d\d?:\d\d:\d\d(?:\.\d*)?(?:[ \t]*(?:Z|[-+]\d\d?(?::\d\d)?))?)$/;
const MAYBE_SPECIAL = /^[-+.0-9yYnNtTfFoO~]/;

/** What a scalar stands for beside text: its value, or the word that a timestamp has to be made of. */
export type Meaning = { readonly value: Value } | { readonly timestamp: string } | undefined;

/** The meaning of a plain scalar without a tag; undefined when it is text. */
export function resolvePlain(text: string): Meaning {
  if (NULL.has(text)) return { value: null };
  if (!MAYBE_SPECIAL.test(text)) return undefined;
  const bool = BOOL.get(text);
  if (bool !== undefined) return { value: bool };
  if (INT.test(text)) return { value: readInt(text) };
  if (FLOAT.test(text)) return { value: readFloat(text) };
  if (TIMESTAMP.test(text)) return { timestamp: text };
  return undefined;
}

/** A scalar under one of YAML's own tags (`int`, `float`, `bool`, `null`, `str`, `binary`, `timestamp`); undefined when it does not fit. */
export function resolveTagged(tag: string, text: string): Meaning {
  switch (tag) {
    case 'str':
      return { value: text };
    case 'null':
      return { value: null };
    case 'bool':
      return BOOL.has(text) ? { value: BOOL.get(text)! } : undefined;
    case 'int':
      return INT.test(text) || /^[-+]?[0-9][0-9_]*$/.test(text) ? { value: readInt(text) } : undefined;
    case 'float':
      return FLOAT.test(text) || /^[-+]?[0-9][0-9_]*(?:[eE][-+]?[0-9]+)?$/.test(text)
        ? { value: readFloat(text) }
        : undefined;
    case 'binary':
      return { value: new Bytes(Uint8Array.from(Buffer.from(text, 'base64'))) };
    case 'timestamp':
      return TIMESTAMP.test(text) ? { timestamp: text } : undefined;
    default:
      return undefined;
  }
}

function readInt(text: string): number | bigint {
  const digits = text.replaceAll('_', '').replace(/^[-+]/, '');
  const sign = text.startsWith('-') ? -1n : 1n;
  const whole = sign * magnitude(digits);
  return Number.isSafeInteger(Number(whole)) ? Number(whole) : whole;
}

function magnitude(digits: string): bigint {
  if (digits.includes(':')) return digits.split(':').reduce((sum, part) => sum * 60n + BigInt(part), 0n);
  if (/^0[bx]/.test(digits)) return BigInt(digits);
  if (/^0[0-7]+$/.test(digits)) return BigInt(`0o${digits.slice(1)}`);
  return BigInt(digits);
}

function readFloat(text: string): Value {
  const digits = text.replaceAll('_', '').toLowerCase().replace(/^[-+]/, '');
  const sign = text.startsWith('-') ? -1 : 1;
  if (digits === '.inf') return sign * Number.POSITIVE_INFINITY;
  if (digits === '.nan') return Number.NaN;
  if (digits.includes(':')) return float(sign * digits.split(':').reduce((sum, part) => sum * 60 + Number(part), 0));
  return float(sign * Number(digits));
}
