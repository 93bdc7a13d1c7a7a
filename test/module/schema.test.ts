import { describe, expect, it } from 'vitest';
import { ArgumentError } from '../../engine/model/errors.ts';
import { Float, type JsonObject } from '../../engine/model/value.ts';
import { argumentCheck, type Schema } from '../../engine/module/schema.ts';

const schema = {
  path: { type: 'path', required: true, aliases: ['dest'], doc: '' },
  state: { type: 'str', choices: ['present', 'absent'], default: 'present', doc: '' },
  force: { type: 'bool', default: false, doc: '' },
  count: { type: 'int', doc: '' },
  names: { type: 'list', elements: 'str', doc: '' },
  extra: { type: 'dict', options: { size: { type: 'int', required: true, doc: '' } }, doc: '' },
  size: { type: 'bytes', doc: '' },
} as const satisfies Schema;

function check(args: JsonObject): JsonObject {
  return argumentCheck(schema, { mutuallyExclusive: [['count', 'size']] }).check(args, { module: 'x' });
}

describe('arguments are coerced and defaulted as Ansible does', () => {
  const cases: [JsonObject, JsonObject][] = [
    [{ path: '/a' }, { path: '/a', state: 'present', force: false }],
    [{ dest: '/a' }, { path: '/a', state: 'present', force: false }],
    [
      { path: '/a', force: 'yes', count: '7' },
      { path: '/a', state: 'present', force: true, count: 7 },
    ],
    [
      { path: '/a', names: 'b, c' },
      { path: '/a', state: 'present', force: false, names: ['b', 'c'] },
    ],
    [
      { path: '/a', names: [1, true] },
      { path: '/a', state: 'present', force: false, names: ['1', 'True'] },
    ],
    [
      { path: 5, state: null },
      { path: '5', state: 'present', force: false },
    ],
    [
      { path: '/a', extra: 'size=3' },
      { path: '/a', state: 'present', force: false, extra: { size: 3 } },
    ],
    [
      { path: '/a', size: '1.5K' },
      { path: '/a', state: 'present', force: false, size: 1536 },
    ],
    [
      { path: '/a', count: new Float(2) },
      { path: '/a', state: 'present', force: false, count: 2 },
    ],
  ];
  it.each(cases)('%j', (given, expected) => {
    expect(check(given)).toEqual(expected);
  });
});

describe('what is wrong is told all at once', () => {
  const cases: [JsonObject, string[]][] = [
    [{}, ['missing required arguments: path']],
    [{ path: '/a', state: 'gone' }, ['value of state must be one of: present, absent, got: gone']],
    [
      { path: '/a', force: 'perhaps' },
      [
        "argument 'force' is of type str and we were unable to convert to bool: The value 'perhaps' is not a valid boolean. Valid booleans include: 'y', 'yes', 'on', '1', 'true', 't', 1, 'n', 'no', 'off', '0', 'false', 'f', 0",
      ],
    ],
    [{ path: '/a', count: 1, size: '1M' }, ['parameters are mutually exclusive: count|size']],
    [
      { path: '/a', nope: 1 },
      [
        'Unsupported parameters for (x) module: nope. Supported parameters include: count, extra, force, names, path, size, state (dest).',
      ],
    ],
  ];
  it.each(cases)('%j', (given, issues) => {
    try {
      check(given);
      expect.unreachable();
    } catch (error) {
      expect(error).toBeInstanceOf(ArgumentError);
      expect((error as ArgumentError).issues).toEqual(issues);
    }
  });
});

describe('None', () => {
  const wanted: Schema = {
    any: { type: 'raw', nullable: true, doc: '' },
    usual: { type: 'str', default: 'x', doc: '' },
  };

  it('is not given, unless the argument takes any value', () => {
    expect(argumentCheck(wanted).check({ any: null, usual: null }, { module: 'm' })).toEqual({ any: null, usual: 'x' });
    expect(argumentCheck(wanted).check({}, { module: 'm' })).toEqual({ usual: 'x' });
  });
});
