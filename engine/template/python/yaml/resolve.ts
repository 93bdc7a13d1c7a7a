// Which value a plain YAML scalar stands for under YAML 1.1 as PyYAML reads it. The loader needs it to read, the emitter to
// know which text has to be quoted.

import { type DateTime, float, type Value } from '../../../model/value.ts';
import { parseTimestamp } from '../timestamp.ts';

export type ScalarTag = 'str' | 'null' | 'bool' | 'int' | 'float' | 'timestamp' | 'merge' | 'value';

const BOOL = /^(?:yes|Yes|YES|no|No|NO|true|True|TRUE|false|False|FALSE|on|On|ON|off|Off|OFF)$/;
const FLOAT =
  /^(?:[-+]?[0-9][0-9_]*\.[0-9_]*(?:[eE][-+][0-9]+)?|\.[0-9][0-9_]*(?:[eE][-+][0-9]+)?|[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+\.[0-9_]*|[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN))$/;
const INT =
  /^(?:[-+]?0b[0-1_]+|[-+]?0[0-7_]+|[-+]?(?:0|[1-9][0-9_]*)|[-+]?0x[0-9a-fA-F_]+|[-+]?[1-9][0-9_]*(?::[0-5]?[0-9])+)$/;
const NULL = /^(?:~|null|Null|NULL|)$/;
const TIMESTAMP =
  /^(?:[0-9]{4}-[0-9]{2}-[0-9]{2}|[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}(?:[Tt]|[ \t]+)[0-9]{1,2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]*)?(?:[ \t]*(?:Z|[-+][0-9]{1,2}(?::?[0-9]{2})?))?)$/;

/** The tag that a plain scalar resolves to. */
export function resolvePlain(text: string): ScalarTag {
  if (NULL.test(text)) return 'null';
  switch (text[0]) {
    case '<':
      return text === '<<' ? 'merge' : 'str';
    case '=':
      return text === '=' ? 'value' : 'str';
  }
  if (/^[-+0-9.]/.test(text)) {
    if (FLOAT.test(text)) return 'float';
    if (INT.test(text)) return 'int';
    if (TIMESTAMP.test(text)) return 'timestamp';
    return 'str';
  }
  return BOOL.test(text) ? 'bool' : 'str';
}

/** The value of a scalar whose tag is known. Throws a RangeError or SyntaxError for text that the tag does not take. */
export function construct(tag: ScalarTag, text: string): Value {
  switch (tag) {
    case 'null':
      return null;
    case 'bool':
      return /^(?:y|t|on)/i.test(text);
    case 'int':
      return constructInt(text);
    case 'float':
      return constructFloat(text);
    case 'timestamp':
      return parseTimestamp(text) as DateTime;
    default:
      return text;
  }
}

function constructInt(text: string): Value {
  let digits = text.replaceAll('_', '');
  const negative = digits.startsWith('-');
  if (/^[-+]/.test(digits)) digits = digits.slice(1);
  let value: bigint;
  if (digits.includes(':')) value = sexagesimal(digits.split(':').map((part) => BigInt(part)));
  else if (/^0[0-7]+$/.test(digits)) value = BigInt(`0o${digits.slice(1)}`);
  else value = BigInt(digits);
  if (negative) value = -value;
  const small = Number(value);
  return Number.isSafeInteger(small) ? small : value;
}

function sexagesimal(parts: readonly bigint[]): bigint {
  return parts.reduce((sum, part) => sum * 60n + part, 0n);
}

function constructFloat(text: string): Value {
  let digits = text.replaceAll('_', '').toLowerCase();
  const sign = digits.startsWith('-') ? -1 : 1;
  if (/^[-+]/.test(digits)) digits = digits.slice(1);
  if (digits === '.inf') return sign * Number.POSITIVE_INFINITY;
  if (digits === '.nan') return Number.NaN;
  if (digits.includes(':')) return float(sign * digits.split(':').reduce((sum, part) => sum * 60 + Number(part), 0));
  return float(sign * Number(digits));
}
