// Python's regular expressions, held to what Python answered (answers.json), and what it cannot show: an end to patience.

import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { Pattern } from '../../engine/regex/pattern.ts';

interface Answers {
  readonly found: { pattern: string; text: string; matches: (string | null)[][]; split: (string | null)[] }[];
  readonly errors: { pattern: string; error: string }[];
  readonly replaced: { pattern: string; template: string; text: string; result: string }[];
  readonly templates: { template: string; error: string }[];
}

const answers = JSON.parse(readFileSync(new URL('answers.json', import.meta.url), 'utf8')) as Answers;
const named = new Pattern('(?P<k>a)(b)?');

describe('what is found', () => {
  it.each(answers.found)('$pattern in $text', ({ pattern, text, matches, split }) => {
    const compiled = new Pattern(pattern);
    const orNull = (part: string | undefined): string | null => part ?? null;
    expect([...compiled.matches(text)].map((match) => [match.text, ...match.groups.map(orNull)])).toEqual(matches);
    expect(compiled.split(text).map(orNull)).toEqual(split);
    expect(compiled.search(text)?.text ?? null).toBe(matches[0]?.[0] ?? null);
    expect(compiled.test(text)).toBe(matches.length > 0);
  });
});

describe('what is refused', () => {
  it.each(answers.errors)('$pattern: $error', ({ pattern, error }) => {
    expect(() => new Pattern(pattern)).toThrow(error);
  });

  it('a character by its name', () => {
    expect(() => new Pattern('\\N{BULLET}')).toThrow('not supported at position 0');
  });
});

describe('replacements', () => {
  it.each(answers.replaced)('$pattern by $template in $text', ({ pattern, template, text, result }) => {
    expect(new Pattern(pattern).replace(text, template)[0]).toBe(result);
  });

  it.each(answers.templates)('$template: $error', ({ template, error }) => {
    expect(() => named.replace('a', template)).toThrow(error);
  });

  it('are counted, and limited', () => {
    expect(new Pattern('a').replace('aaa', 'b')).toEqual(['bbb', 3]);
    expect(new Pattern('a').replace('aaa', 'b', 2)).toEqual(['bba', 2]);
    expect(new Pattern('a').split('1a2a3', 1)).toEqual(['1', '2a3']);
  });

  it('are made of one match', () => {
    expect(named.search('xaby')?.expand('<\\g<k>\\2>')).toBe('<ab>');
    expect(named.search('xa')?.expand('<\\2>')).toBe('<>');
  });
});

describe('long texts and hard patterns', () => {
  it.each(['(a+)+$', '(a|aa)+$', '(?:a*)*!b', '^(([a-z])+.)+[A-Z]([a-z])+$'])('%s is given up by name', (pattern) => {
    expect(() => new Pattern(pattern).search(`${'a'.repeat(60)}!`)).toThrow(
      `The regular expression '${pattern}' took longer than 2 seconds on a text of 61 characters`,
    );
  });

  it.each([
    ['(?:ab)*', 'ab', 600_000],
    ['(ab|c)*', 'abc', 450_000],
    ['.*x|y*', 'ab', 0],
  ])('%s runs over many of %s', (pattern, part, end) => {
    expect(new Pattern(pattern).match(part.repeat(end === 450_000 ? 150_000 : 300_000))?.end).toBe(end);
  });

  it('a pattern that is nested beyond reason is refused', () => {
    expect(() => new Pattern(`${'('.repeat(5000)}a${')'.repeat(5000)}`)).toThrow('nested too deeply');
  });
});
