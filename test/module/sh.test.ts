import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { quote, raw, sh } from '../../engine/module/sh.ts';

describe('no value escapes its quotes', () => {
  it.each([
    'plain',
    '',
    "it's",
    '$(id)',
    '`id`',
    '; rm -rf /',
    'a b',
    '*',
    '~',
    'line\nbreak',
    '\\',
    '"',
    "'\"'",
    '-n',
    'ü',
    '!x',
    '#c',
    '&',
  ])('%j', (text) => {
    expect(execFileSync('sh', ['-c', sh`printf %s ${text}`]).toString()).toBe(text);
  });
  it('spreads lists into words', () => {
    expect(sh`rm -- ${['a b', 'c']}`).toBe("rm -- 'a b' c");
  });
  it('nests what is raw and quotes what is not', () => {
    expect(sh`sh -c ${sh`echo ${'x y'}`}`).toBe(`sh -c 'echo '\\''x y'\\'''`);
    expect(sh`( ${raw(sh`echo ${'x y'}`)} )`).toBe("( echo 'x y' )");
  });
  it('leaves plain words readable', () => {
    expect(quote('/etc/hosts')).toBe('/etc/hosts');
  });
});
