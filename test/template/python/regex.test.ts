// What recorded answers cannot show of regular expressions: patterns that backtrack for ever, and what is refused by name.

import { describe, expect, it } from 'vitest';
import { compile } from '../../../engine/template/python/regex.ts';

describe('a pattern that backtracks for ever', () => {
  it('is given up with a message that names it', () => {
    expect(() => compile('(a+)+$').search(`${'a'.repeat(60)}!`)).toThrow("The regular expression '(a+)+$' took longer");
  });
});

describe('what is refused', () => {
  it.each([
    ['(?>a)', 'atomic groups'],
    ['(?(1)a|b)', 'conditional groups'],
    ['a++', 'possessive quantifiers'],
    ['a(?i)b', 'global flags not at the start'],
    ['(?P<1>a)', 'bad character in group name'],
    ['\\q', 'bad escape'],
    ['(a', 'missing ), unterminated subpattern'],
    ['[a', 'unterminated character set'],
  ])('%s', (pattern, words) => expect(() => compile(pattern)).toThrow(words));
});

describe('characters beyond ASCII', () => {
  it.each([
    ['\\w+', 'grüße!', 'grüße'],
    ['\\bü\\b', 'a ü b', 'ü'],
    ['\\d+', 'x١٢', '١٢'],
    ['[^\\W\\d]+', 'é1', 'é'],
    ['.', '😀', '😀'],
  ])('%s in %s finds %s', (pattern, text, found) => expect(compile(pattern).search(text)?.text).toBe(found));
});
