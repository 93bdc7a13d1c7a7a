// Python's regular expressions in JavaScript's spelling.

import { describe, expect, it } from 'vitest';
import { expandTemplate, pythonRegex } from '../../../modules/shared/regex.ts';

describe('pythonRegex', () => {
  it.each([
    ['^a$', 'a\n', 'a'],
    ['^a$', 'a\nb', undefined],
    ['a\\Z', 'a\n', undefined],
    ['a\\Z', 'ba', 'a'],
    ['\\Ab', 'ab', undefined],
    ['(?P<x>a)(?P=x)', 'aa', 'aa'],
    ['(?i)AB', 'ab', 'ab'],
    ['(?x) a b  # both', 'ab', 'ab'],
    ['(?s)a.b', 'a\nb', 'a\nb'],
    ['(?m)^b', 'a\nb', 'b'],
    ['a{,2}b', 'aab', 'aab'],
    ['x{a}', 'x{a}', 'x{a}'],
    ['a}]', 'a}]', 'a}]'],
    ['[]a]+', 'a]', 'a]'],
    ['[^]a]', 'b', 'b'],
    ['[a-c-]+', 'b-', 'b-'],
    ['[[:x]', '[', '['],
    ['\\-\\#\\ \\@\\"', '-# @"', '-# @"'],
    ['\\.\\/\\*', './*', './*'],
    ['\\x41\\u0042\\U00000043\\104', 'ABCD', 'ABCD'],
    ['(?<!a)b', 'cb', 'b'],
    ['(?#comment)a', 'a', 'a'],
    ['é+', 'éé', 'éé'],
    ['.', '😀', '😀'],
  ])('%j in %j finds %j', (pattern, text, found) => {
    expect(pythonRegex(pattern).exec(text)?.[0]).toBe(found);
  });
  it.each([
    ['(', 'is not a valid regular expression'],
    ['[a', 'unterminated character set'],
    ['\\', 'bad escape (end of pattern)'],
    ['\\q', 'bad escape \\q'],
    ['(?(1)a|b)', "'(?(' are not supported"],
    ['a**', 'is not a valid regular expression'],
  ])('refuses %j', (pattern, message) => {
    expect(() => pythonRegex(pattern)).toThrow(message);
  });
});

describe('expandTemplate', () => {
  const match = /(?<k>a)(b)?/.exec('a')!;
  it.each([
    ['\\1\\g<1>\\g<k>', 'aaa'],
    ['[\\2]', '[]'],
    ['\\n\\t\\\\', '\n\t\\'],
    ['\\.', '\\.'],
    ['plain', 'plain'],
    ['\\0', '\0'],
  ])('%j gives %j', (template, text) => {
    expect(expandTemplate(template, match)).toBe(text);
  });
  it('refuses groups that are not there', () => {
    expect(() => expandTemplate('\\3', match)).toThrow('invalid group reference 3');
    expect(() => expandTemplate('\\g<z>', match)).toThrow("unknown group name 'z'");
    expect(() => expandTemplate('\\q', match)).toThrow('bad escape \\q');
  });
});
