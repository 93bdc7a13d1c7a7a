// Filters within templates: what needs the evaluator, as attributes of groups and dates; the answers are the reference's.

import { describe, expect, it } from 'vitest';
import { Template, type Value } from '../../../engine/model/value.ts';
import type { Context, TemplateSettings } from '../../../engine/template/contract.ts';
import { repr } from '../../../engine/template/python/text.ts';
import { createTemplar } from '../../../engine/template/templar.ts';
import { bench } from './bench.ts';

const SETTINGS: TemplateSettings = {
  typing: 'modern',
  trimBlocks: true,
  allowBrokenConditionals: false,
  allowEmbeddedTemplates: true,
  errorOnUndefined: true,
  extensions: [],
};
const CONTEXT: Context = bench.context;
const DAY = "('2020-01-02 00:00:00'|to_datetime)";
const NOON = "('2020-01-01 12:00:00'|to_datetime)";
const ROWS = "[{'a':1,'b':2},{'a':1,'b':3}]";

const CASES: readonly (readonly [string, string])[] = [
  [`{{ (${DAY} - ${NOON}).total_seconds() }}`, '43200.0'],
  [`{{ (${DAY} - ${NOON}).days }}`, '0'],
  [`{{ ${DAY}.strftime('%d') }}`, "'02'"],
  [`{{ ${DAY}.year }}`, '2020'],
  [`x {{ ${DAY} }}`, "'x 2020-01-02 00:00:00'"],
  [`{{ ${DAY} > ${NOON} }}`, 'True'],
  [`{{ ${DAY}.isoformat() }}`, "'2020-01-02T00:00:00'"],
  ["{{ ('a: 2020-01-01'|from_yaml).a.year }}", '2020'],
  [`{% for g in ${ROWS}|groupby('a') %}{{ g.grouper }}:{{ g.list|length }};{% endfor %}`, "'1:2;'"],
  [`{% for k, l in ${ROWS}|groupby('a') %}{{ k }}:{{ l|length }};{% endfor %}`, "'1:2;'"],
  [`{{ ${ROWS}|groupby('a')|map(attribute='grouper')|list }}`, '[1]'],
  ["{{ nope|default('x') }}", "'x'"],
  ["{{ [{'a':1},{}]|map(attribute='a',default=0)|list }}", '[1, 0]'],
  ["{{ [{'a':1},{}]|selectattr('a','defined')|list }}", "[{'a': 1}]"],
  ["{{ dict(['x']|zip([1])) }}", "{'x': 1}"],
  ["{{ ('a.b'|splitext).1 }}", "'.b'"],
];

const FAULTS: readonly (readonly [string, string])[] = [
  ["{{ nope|mandatory('msg!') }}", 'msg!'],
  ["{{ 'abc'|nofilter }}", "No filter named 'nofilter'"],
  [
    "{{ 'a'|password_hash('nope') }}",
    'nope is not in the list of supported passlib algorithms: md5, blowfish, sha256, sha512',
  ],
];

function render(text: string): Value {
  return createTemplar(SETTINGS).render(new Template(text), CONTEXT);
}

describe('filters within templates', () => {
  it.each(CASES)('%s gives %s', (text, answer) => expect(repr(render(text))).toBe(answer));
  it.each(FAULTS)('%s fails', (text, words) => expect(() => render(text)).toThrow(words));
});
