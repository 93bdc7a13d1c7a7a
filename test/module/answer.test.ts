import { describe, expect, it } from 'vitest';
import { ModuleFailure } from '../../engine/model/errors.ts';
import type { JsonObject } from '../../engine/model/value.ts';
import { readAnswer } from '../../engine/module/answer.ts';

const read = (stdout: string, rc = 0): JsonObject => readAnswer({ rc, stdout, stderr: 'err' }, '/bin/sh');

function failure(stdout: string, rc = 0): ModuleFailure {
  try {
    read(stdout, rc);
  } catch (error) {
    if (error instanceof ModuleFailure) return error;
    throw error;
  }
  throw new Error('no failure');
}

describe('readAnswer', () => {
  it.each<[string, string, JsonObject]>([
    ['an object', '{"changed": true}', { changed: true }],
    ['an object over several lines, after noise', 'hello\n{\n"a": 1\n}\n', { a: 1 }],
    [
      'noise behind it, with a warning',
      '{"a": 1}\nbye\n',
      { a: 1, warnings: ['Module invocation had junk after the JSON data: bye'] },
    ],
    [
      'lines of its streams',
      '{"stdout": "a\\nb\\n", "stderr": ""}',
      { stdout: 'a\nb\n', stdout_lines: ['a', 'b'], stderr: '', stderr_lines: [] },
    ],
    [
      'nothing that was meant for the program alone',
      '{"a": {"_ansible_x": 1, "b": [{"_ansible_y": 2}]}, "_ansible_z": 3}',
      { a: { b: [{}] } },
    ],
    ['an exit code that only the process had', '{"changed": false}', { changed: false }],
  ])('takes %s', (_name, stdout, data) => {
    expect(read(stdout, 3)).toEqual(data);
  });

  it.each<[string, string, number, string, JsonObject]>([
    [
      'says that it failed',
      '{"failed": true, "msg": "no way", "x": 1}',
      1,
      'no way',
      { failed: true, msg: 'no way', x: 1 },
    ],
    ['tells an exit code', '{"rc": 5}', 0, 'Task failed: Action failed: Unknown error.', { rc: 5, failed: true }],
    [
      'prints no JSON',
      'oops\n',
      3,
      'Module result deserialization failed: No start of json char found',
      { module_stdout: 'oops\n', module_stderr: 'err', rc: 3 },
    ],
    [
      'prints half of it',
      '{"a": ',
      0,
      'Module result deserialization failed: it is no JSON',
      { module_stdout: '{"a": ', module_stderr: 'err', rc: 0 },
    ],
    [
      'prints a list',
      '[1]',
      0,
      'Module result deserialization failed: it is no dictionary',
      { module_stdout: '[1]', module_stderr: 'err', rc: 0 },
    ],
    [
      'finds no interpreter',
      '',
      127,
      "The module interpreter '/bin/sh' was not found.",
      { module_stdout: '', module_stderr: 'err', rc: 127 },
    ],
  ])('fails when the program %s', (_name, stdout, rc, message, data) => {
    const error = failure(stdout, rc);
    expect(error.message).toBe(message);
    expect(error.data).toEqual(data);
  });
});
