import { describe, expect, it } from 'vitest';
import { censored } from '../../engine/execute/censor.ts';
import { asRegistered, splitLines } from '../../engine/execute/registered.ts';
import type { TaskResult } from '../../engine/model/result.ts';

const base = { certainty: 'certain' as const, data: {} };

describe('the dict that register holds', () => {
  const cases: [string, TaskResult, object][] = [
    ['ok', { ...base, status: 'ok', data: { x: 1 } }, { x: 1, changed: false, failed: false }],
    ['changed', { ...base, status: 'changed', changes: [], applied: true }, { changed: true, failed: false }],
    [
      'skipped',
      { ...base, status: 'skipped', reason: 'Conditional result was False', data: { false_condition: 'x' } },
      { changed: false, skipped: true, skip_reason: 'Conditional result was False', false_condition: 'x' },
    ],
    [
      'failed, after a change was made',
      {
        ...base,
        status: 'failed',
        failure: { message: 'no' },
        changes: [{ of: 'file:/a', before: null, after: {} }],
        ignored: false,
      },
      { failed: true, changed: true, msg: 'no', exception: '(traceback unavailable)' },
    ],
    [
      'unreachable',
      { ...base, status: 'unreachable', failure: { message: 'gone' }, changes: [], ignored: false },
      { unreachable: true, changed: false, msg: 'gone', exception: '(traceback unavailable)' },
    ],
    [
      'lines of output',
      { ...base, status: 'ok', data: { stdout: 'a\nb\n' } },
      { stdout: 'a\nb\n', stdout_lines: ['a', 'b'], changed: false, failed: false },
    ],
  ];
  it.each(cases)('%s', (_name, result, expected) => {
    expect(asRegistered(result)).toEqual(expected);
  });

  it('no_log keeps what became of it and nothing else', () => {
    expect(censored({ changed: true, stdout: 'secret', msg: 'secret' })).toEqual({
      censored: "the output has been hidden due to the fact that 'no_log: true' was specified for this result",
      changed: true,
    });
  });

  it('no_log hides each item of a loop', () => {
    const hidden = "the output has been hidden due to the fact that 'no_log: true' was specified for this result";
    expect(censored({ changed: true, results: [{ changed: true, stdout: 'secret' }] })).toEqual({
      censored: hidden,
      changed: true,
      results: [{ censored: hidden, changed: true }],
    });
  });

  it.each([
    ['', []],
    ['a', ['a']],
    ['a\n', ['a']],
    ['a\n\n', ['a', '']],
    ['a\r\nb\rc', ['a', 'b', 'c']],
  ])('splits %j', (text, expected) => {
    expect(splitLines(text)).toEqual(expected);
  });
});
