// Control modules: what they register, and what they ask of the run.

import { describe, expect, it } from 'vitest';
import { TemplateError } from '../../../engine/model/errors.ts';
import type { JsonObject, Value } from '../../../engine/model/value.ts';
import type { ControlModule, Decision, RunView } from '../../../engine/module/control.ts';
import { argumentCheck } from '../../../engine/module/schema.ts';
import addHost from '../../../modules/add_host.ts';
import assert from '../../../modules/assert.ts';
import debug from '../../../modules/debug.ts';
import fail from '../../../modules/fail.ts';
import groupBy from '../../../modules/group_by.ts';
import includeVars from '../../../modules/include_vars.ts';
import meta from '../../../modules/meta.ts';
import pause from '../../../modules/pause.ts';
import setFact from '../../../modules/set_fact.ts';
import setStats from '../../../modules/set_stats.ts';
import { specErrors } from '../../../modules/shared/spec.ts';
import validate from '../../../modules/validate_argument_spec.ts';

const VARS: Readonly<Record<string, Value>> = { x: 3, b: 'p' };

function view(extra: ReadonlyMap<string, Value> = new Map()): RunView {
  return {
    host: 'h',
    extra,
    verbosity: 0,
    typing: 'modern',
    evaluate(expression) {
      const value = VARS[String(expression)];
      if (value === undefined) throw new TemplateError(`'${expression}' is undefined`, { undefinedName: true });
      return value;
    },
    show(expression) {
      const text = String(expression);
      const value = VARS[text];
      return value === undefined ? { text, value: '<< ? >>', missing: ['why'] } : { text, value, missing: [] };
    },
    judge: (condition) => ({ holds: condition === 'x == 3' || condition === true, text: String(condition) }),
    readVars: async () => ({ vars: new Map<Value, Value>([['k', 1]]), files: ['/v.yml'] }),
  };
}

async function decide(
  // biome-ignore lint/suspicious/noExplicitAny: modules of every schema
  module: ControlModule<any>,
  args: JsonObject,
  extra?: ReadonlyMap<string, Value>,
): Promise<Decision> {
  const checked = argumentCheck(module.schema, module.rules).check(args, { module: 'module' });
  return module.decide(checked, view(extra));
}

describe('debug', () => {
  it.each([
    [{}, { msg: 'Hello world!' }],
    [{ msg: [1, 2] }, { msg: [1, 2] }],
    [{ var: 'x' }, { x: 3 }],
  ])('%o', async (args, data) => expect((await decide(debug, args)).data).toEqual(data));
  it('is silent below its verbosity', async () =>
    expect(await decide(debug, { verbosity: 2 })).toMatchObject({ skipped: 'Verbosity threshold not met.' }));
  it('shows what is undefined', async () =>
    expect((await decide(debug, { var: 'zz' })).data).toEqual({
      zz: '<< ? >>',
      warnings: ['Encountered 1 template error.\nerror 1 - why'],
    }));
});

describe('assert and fail', () => {
  it('stops at the first that does not hold', async () => {
    const decision = await decide(assert, { that: ['x == 3', 'x > 5'], fail_msg: 'no' });
    const data = { assertion: 'x > 5', evaluated_to: false, msg: 'no' };
    expect(decision).toEqual({ failed: 'no', data, verboseAlways: true });
  });
  it('passes, loudly or quietly', async () => {
    expect(await decide(assert, { that: 'x == 3' })).toEqual({
      data: { msg: 'All assertions passed' },
      verboseAlways: true,
    });
    expect(await decide(assert, { that: true, quiet: true, success_msg: 'yes' })).toEqual({ data: { msg: 'yes' } });
  });
  it('fails as requested', async () => expect((await decide(fail, {})).failed).toBe('Failed as requested from task'));
});

describe('variables', () => {
  it('set_fact keeps values and refuses names', async () => {
    const extra = new Map<string, Value>([['a', 1.5]]);
    expect(await decide(setFact, { cacheable: true }, extra)).toMatchObject({
      data: { ansible_facts: { a: 1.5 } },
      effects: [{ kind: 'set-facts', facts: extra, cacheable: true }],
    });
    await expect(decide(setFact, {})).rejects.toThrow('No key/value pairs provided');
    await expect(decide(setFact, {}, new Map([['a-b', 1]]))).rejects.toThrow("Invalid variable name 'a-b'.");
  });
  it('include_vars puts them under a name', async () => {
    const decision = await decide(includeVars, { file: 'v.yml', name: 'n' });
    expect(decision.data).toEqual({ ansible_facts: { n: { k: 1 } }, ansible_included_var_files: ['/v.yml'] });
    await expect(decide(includeVars, { file: 'v', dir: 'd' })).rejects.toThrow(
      'You are mixing file only and dir only arguments',
    );
  });
  it('set_stats', async () =>
    expect((await decide(setStats, { data: { a: 1 }, per_host: true })).effects).toEqual([
      { kind: 'set-stats', data: { a: 1 }, perHost: true, aggregate: true },
    ]));
});

describe('inventory and run', () => {
  it('add_host takes name, port, groups and variables apart', async () => {
    const decision = await decide(addHost, { name: 'h1:2222', groups: 'a, b' }, new Map([['n', 3]]));
    expect(decision.data).toEqual({
      add_host: { groups: ['a', 'b'], host_name: 'h1', host_vars: { n: 3, ansible_ssh_port: 2222 } },
    });
    await expect(decide(addHost, {})).rejects.toThrow('name, host or hostname needs to be provided');
  });
  it('group_by', async () =>
    expect((await decide(groupBy, { key: 'os x', parents: ['p q'] })).data).toEqual({
      add_group: 'os-x',
      parent_groups: ['p-q'],
    }));
  it('meta', async () => {
    expect((await decide(meta, { free_form: 'noop' })).effects).toEqual([{ kind: 'meta', action: 'noop' }]);
    await expect(decide(meta, { free_form: 'nope' })).rejects.toThrow('invalid meta action requested: nope');
  });
  it.each([
    [{ seconds: 0 }, 1, 'Paused for 1.0 seconds'],
    [{ minutes: 2 }, 120, 'Paused for 2.0 minutes'],
    [{ prompt: 'go' }, undefined, ''],
  ])('pause %o', async (args, seconds, stdout) => {
    const decision = await decide(pause, args);
    expect(decision.effects![0]).toMatchObject({ kind: 'pause', seconds });
    expect(decision.data['stdout']).toBe(stdout);
  });
});

describe('argument specs', () => {
  it('tells all faults in the words of Ansible', () => {
    const spec = {
      a: { type: 'int', required: true },
      b: { choices: ['p', 'q'] },
      c: { type: 'list', elements: 'int' },
      d: { type: 'dict', options: { e: { type: 'bool', required: true } } },
    };
    expect(specErrors(spec, { a: 'foo', b: 'r', c: [1, 'x'], d: { y: 1 }, zed: 3 })).toEqual([
      `argument 'a' is of type str and we were unable to convert to int: "'foo'" cannot be converted to an int`,
      'value of b must be one of: p, q, got: r',
      `Elements value for option 'c' is of type str and we were unable to convert to int: "'x'" cannot be converted to an int`,
      'missing required arguments: e found in d',
      'd.y, zed. Supported parameters include: a, b, c, d.',
    ]);
  });
  it('takes from the scope what was not given', async () => {
    const spec = { b: { required: true }, n: { type: 'int', required: true } };
    expect((await decide(validate, { argument_spec: spec, provided_arguments: { n: 1 } })).data['msg']).toBe(
      'The arg spec validation passed',
    );
    const failed = await decide(validate, { argument_spec: spec });
    expect(failed.failed).toBe('Validation of arguments failed:\nmissing required arguments: n');
    expect(failed.data['argument_errors']).toEqual(['missing required arguments: n']);
  });
});
