// Python's expressions in POSIX's words, judged by a real grep, and addresses as the kernel lists them.

import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { posixRegex } from '../../../modules/shared/ere.ts';
import { kernelForms } from '../../../modules/shared/sockets.ts';

describe('posixRegex', () => {
  it.each([
    ['started in \\d+ ms', 'started in 42 ms', true],
    ['^a\\.b$', 'axb', false],
    ['a+?b', 'aab', true],
    ['(?:x|y){2}', 'xy', true],
    ['[^\\s]', ' ', false],
    ['[\\]\\-x]', '-', true],
    ['[\\]\\-x]', ']', true],
    ['[]a]', ']', true],
    ['\\w+@\\w+', 'me@here', true],
    ['\\/\\-\\"', '/-"', true],
    ['[\\w.]+:', 'a.b_c:', true],
  ])('%j on %j: %j', (pattern, text, found) => {
    const { status } = spawnSync('grep', ['-Eq', '-e', posixRegex(pattern)!], { input: `${text}\n` });
    expect(status).toBe(found ? 0 : 1);
  });
  it.each(['(?=a)', '(?P<x>a)', '(a)\\1', 'a\\Z', 'a\\b', '[a', '\\'])('cannot say %j', (pattern) => {
    expect(posixRegex(pattern)).toBeUndefined();
  });
});

describe('kernelForms', () => {
  it.each([
    ['127.0.0.1', ['0100007F', '0000000000000000FFFF00000100007F']],
    ['10.0.0.5', ['0500000A', '0000000000000000FFFF00000500000A']],
    ['::1', ['00000000000000000000000001000000']],
    ['fe80::1:2', ['000080FE000000000000000002000100']],
  ])('%s', (address, forms) => {
    expect(kernelForms(address)).toEqual(forms);
  });
  it.each(['host', '1:2', '::1::2x'])('refuses %s', (address) => {
    expect(() => kernelForms(address)).toThrow('is no address');
  });
});
