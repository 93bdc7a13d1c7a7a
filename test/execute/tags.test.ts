import { describe, expect, it } from 'vitest';
import { isSelected } from '../../engine/execute/tags.ts';

describe('which tasks --tags and --skip-tags let run', () => {
  const cases: [string[], string[], string[], boolean][] = [
    [[], [], [], true],
    [[], ['a'], [], false],
    [['a'], ['a'], [], true],
    [['b'], ['a'], [], false],
    [['always'], ['a'], [], true],
    [['always'], ['a'], ['always'], false],
    [['never'], ['all'], [], false],
    [['never', 'x'], ['x'], [], true],
    [['never'], ['never'], [], true],
    [['a'], ['tagged'], [], true],
    [[], ['tagged'], [], false],
    [[], ['untagged'], [], true],
    [['a'], ['all'], ['a'], false],
    [['a'], ['all'], ['tagged'], false],
    [[], ['all'], ['untagged'], false],
    [['a'], ['all'], ['all'], false],
    [['always'], ['all'], ['all'], true],
  ];
  it.each(cases)('tags %j, run %j, skip %j: %j', (tags, run, skip, expected) => {
    expect(isSelected(tags, { run, skip })).toBe(expected);
  });
});
