// YAML results against what the reference prints for the same value, in both of its forms.

import { expect, it } from 'vitest';
import { resultYaml } from '../../engine/cli/result-yaml.ts';
import { Float, type JsonObject } from '../../engine/model/value.ts';

const WORDS = 'word '.repeat(40);
const VALUE: JsonObject = {
  msg: {
    a: [1, { b: 2, c: ['x', 'y'] }],
    e: WORDS,
    l: 'line1\nline2\n',
    l2: 'x\ny',
    q: "it's: 'q'",
    n: null,
    t: true,
    s: 'yes',
    num: '12',
    empty: [],
    ed: {},
    f: new Float(1),
    sp: 'a \nb',
    uni: 'é☃',
    es: '',
    hash: 'a #b',
    dq: 'tab\there',
    pct: '%x',
    lo: 'w'.repeat(100),
  },
};

function indented(exact: boolean): string {
  return resultYaml(VALUE, exact).replace(/^(?=.)/gm, '    ');
}

function words(...counts: readonly number[]): string[] {
  return counts.map((count) => Array(count).fill('word').join(' '));
}

it('prints what the reference prints by default', () => {
  const [one, two, three] = words(15, 15, 10);
  expect(indented(false)).toBe(`    msg:
        a:
        - 1
        -   b: 2
            c:
            - x
            - y
        dq: "tab\\there"
        e: '${one}
            ${two}
            ${three} '
        ed: {}
        empty: []
        es: ''
        f: 1.0
        hash: 'a #b'
        l: |-
            line1
            line2
        l2: |-
            x
            y
        lo: ${'w'.repeat(100)}
        n: null
        num: '12'
        pct: '%x'
        q: 'it''s: ''q'''
        s: 'yes'
        sp: |-
            a
            b
        t: true
        uni: é☃`);
});

it('prints what the reference prints with callback_format_pretty', () => {
  const [one, two, three] = words(16, 16, 8);
  expect(indented(true)).toBe(`    msg:
      a:
      - 1
      - b: 2
        c:
        - x
        - y
      dq: "tab\\there"
      e: '${one}
        ${two}
        ${three} '
      ed: {}
      empty: []
      es: ''
      f: 1.0
      hash: 'a #b'
      l: |
        line1
        line2
      l2: |-
        x
        y
      lo: ${'w'.repeat(100)}
      n: null
      num: '12'
      pct: '%x'
      q: 'it''s: ''q'''
      s: 'yes'
      sp: "a \\nb"
      t: true
      uni: é☃`);
});
