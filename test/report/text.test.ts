// The small printers: JSON as Python prints it, excerpts, differences, banners, Python's str.

import { describe, expect, it } from 'vitest';
import { jsonText } from '../../engine/model/json-text.ts';
import { Float, type Json } from '../../engine/model/value.ts';
import { banner } from '../../engine/report/banner.ts';
import { showDiffs } from '../../engine/report/difference.ts';
import { excerpt, showOrigin } from '../../engine/report/excerpt.ts';
import { DEFAULT_COLOURS, isColour, paint } from '../../engine/report/paint.ts';
import { pythonText } from '../../engine/report/python-text.ts';

describe('JSON', () => {
  it.each<readonly [string, Json, string]>([
    ['a float', new Float(1), '1.0'],
    ['a big float', 1e30, '1e+30'],
    ['a small float', 0.00001, '1e-05'],
    ['a big int', 12345678901234567890n, '12345678901234567890'],
    ['an int', 3, '3'],
    ['text', 'é"\t\u0001', '"é\\"\\t\\u0001"'],
    ['nothing', null, 'null'],
    ['empty', { a: [], b: {} }, '{"a": [], "b": {}}'],
    ['a list', [1, true], '[1, true]'],
  ])('%s', (_name, value, text) => expect(jsonText(value)).toBe(text));

  it('sorts keys by code point, escapes for ascii, indents', () => {
    expect(jsonText({ b: 1, a: 2, B: 3 }, { sortKeys: true })).toBe('{"B": 3, "a": 2, "b": 1}');
    expect(jsonText('☃', { ascii: true })).toBe('"\\u2603"');
    expect(jsonText({ a: [1] }, { indent: 4 })).toBe('{\n    "a": [\n        1\n    ]\n}');
  });
});

describe('excerpts', () => {
  const lines = ['one', 'two', '  three: x', 'four'];
  it('shows two lines before, its own, and the caret', () => {
    expect(excerpt({ file: 'f', line: 3, column: 3 }, lines)).toBe('1 one\n2 two\n3   three: x\n    ^ column 3');
  });
  it('pads numbers', () => {
    const many = Array.from({ length: 12 }, (_, index) => `l${index + 1}`);
    expect(excerpt({ file: 'f', line: 10, column: 1 }, many)).toBe(' 8 l8\n 9 l9\n10 l10\n   ^ column 1');
  });
  it('cuts long lines', () => {
    expect(excerpt({ file: 'f', line: 1, column: 1 }, ['x'.repeat(300)]).split('\n')[0]).toHaveLength(120);
  });
  it('says when there is no source', () => {
    expect(showOrigin({ file: 'f', line: 1, column: 1 }, () => undefined)).toContain('source not shown');
    expect(showOrigin({ file: 'f', line: 9, column: 1 }, () => ['a'])).toContain('ends before line 9');
  });
});

describe('differences', () => {
  const show = (diff: Parameters<typeof showDiffs>[0][number]): string => showDiffs([diff], 3, DEFAULT_COLOURS, false);
  it('of a new file', () => {
    expect(show({ before: '', after: 'a\nb', afterHeader: '/f' })).toBe(
      '--- before\n+++ after: /f\n@@ -0,0 +1,2 @@\n+a\n+b\n\\ No newline at end of file\n\n',
    );
  });
  it('of a file that goes', () => {
    expect(show({ before: 'a\n', after: '' })).toBe('--- before\n+++ after\n@@ -1 +0,0 @@\n-a\n\n');
  });
  it('of a state', () => {
    expect(show({ before: { path: '/d', state: 'absent' }, after: { path: '/d', state: 'directory' } })).toBe(
      '--- before\n+++ after\n@@ -1,4 +1,4 @@\n {\n     "path": "/d",\n-    "state": "absent"\n+    "state": "directory"\n }\n\n',
    );
  });
  it('that are skipped', () => {
    expect(show({ skipped: 'dst_binary' })).toBe('diff skipped: destination file appears to be binary\n');
    expect(show({ skipped: 'src_binary' })).toBe('diff skipped: source file appears to be binary\n');
    expect(show({ skipped: { larger: 104448 } })).toBe('diff skipped: destination file size is greater than 104448\n');
  });
  it('of more lines than are worth the least difference: all between the first and the last one', () => {
    const lines = (letter: string): string[] => Array.from({ length: 20_000 }, (_, index) => `${letter}${index}\n`);
    const file = (letter: string, end: string): string => `1\n2\n3\n4\n${lines(letter).join('')}same\n${end}`;
    const shown = show({ before: file('a', 'end'), after: file('b', 'end') }).split('\n');
    expect(shown.slice(0, 8)).toEqual([
      '--- before',
      '+++ after',
      '@@ -2,20005 +2,20005 @@',
      ' 2',
      ' 3',
      ' 4',
      '-a0',
      '-a1',
    ]);
    expect(shown.slice(20_004, 20_008)).toEqual(['-a19998', '-a19999', '+b0', '+b1']);
    expect(shown.slice(-6)).toEqual(['+b19999', ' same', ' end', '\\ No newline at end of file', '', '']);
    expect(show({ before: '', after: lines('a').join('') })).toContain('@@ -0,0 +1,20000 @@\n+a0\n');
  });
  it('that are none', () => expect(show({ before: 'a', after: 'a' })).toBe(''));
});

it('measures banners in columns', () => {
  expect(banner('TASK [x]', 79)).toBe(`\nTASK [x] ${'*'.repeat(71)}\n`);
  expect(banner('漢', 10)).toBe(`\n漢 ${'*'.repeat(8)}\n`);
  expect(banner('x'.repeat(100), 79)).toBe(`\n${'x'.repeat(100)} ***\n`);
});

it.each<readonly [Json, string]>([
  ['text', 'text'],
  [['a', 1, null, true, new Float(2)], "['a', 1, None, True, 2.0]"],
  [{ a: "it's" }, `{'a': "it's"}`],
])('prints %j as Python does', (value, text) => expect(pythonText(value)).toBe(text));

it('knows the colours of settings', () => {
  expect(['green', 'bright purple', 'color12', 'rgb123', 'gray5'].every(isColour)).toBe(true);
  expect(['pink', 'rgb999', ''].some(isColour)).toBe(false);
  expect(paint('a\nb', 'green', true)).toBe('\u001b[0;32ma\u001b[0m\n\u001b[0;32mb\u001b[0m');
});
