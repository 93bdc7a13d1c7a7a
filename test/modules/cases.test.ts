// Every module against its table, and what holds for all modules: examples that validate, questions that are shell, and
// secrets that stay secret.

import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import type { Json, JsonObject } from '../../engine/model/value.ts';
import { ABSENT, type Diff, type Library, type Module, type Plan, UNKNOWN } from '../../engine/module/contract.ts';
import { type AnyModule, isControl } from '../../engine/module/registry.ts';
import type { Schema } from '../../engine/module/schema.ts';
import { sourceOf } from '../../engine/module/source.ts';
import { registry } from '../../modules/index.ts';
import { type Case, casesOf, play, tables } from './cases.ts';
import { argumentsOf, SITE } from './miniature.ts';

const SHELLS: readonly (readonly string[])[] = [
  ['dash', '-n'],
  ['busybox', 'sh', '-n'],
  ['bash', '--posix', '-n'],
].filter(([name]) => existsSync(`/usr/bin/${name}`) || existsSync(`/bin/${name}`));

const qualified = registry.names().filter((name) => name.includes('.'));
const modules = await Promise.all(
  qualified.map(async (name) => {
    const found = (await registry.find(name))!;
    return { name: name.slice(name.lastIndexOf('.') + 1), full: name, module: found.module };
  }),
);

/** Says what a shell has against a script. */
function complaints(script: string, libraries: readonly Library[] = []): string[] {
  const text = [...libraries.map((library) => library.text), script].join('\n');
  return SHELLS.flatMap(([program, ...words]) => {
    const { status, stderr } = spawnSync(program!, words, { input: text, encoding: 'utf8' });
    return status === 0 ? [] : [`${program}: ${stderr}\n${script}`];
  });
}

function scriptsOf(plan: Plan): { script: string; uses: readonly Library[] }[] {
  return plan.actions.flatMap(({ step }) => ('run' in step ? [{ script: step.run, uses: step.uses ?? [] }] : []));
}

function plain(value: unknown): unknown {
  if (value === ABSENT) return 'absent';
  if (value === UNKNOWN) return 'unknown';
  if (Array.isArray(value)) return value.map(plain);
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, plain(item)]));
}

describe.each(modules.filter(({ name }) => casesOf(name).length > 0))('$full', ({ name, module }) => {
  it.each(casesOf(name).map((each) => [each.name, each] as const))('%s', (_, wanted) => {
    if (wanted.fails !== undefined) {
      expect(() => play(module, wanted)).toThrow(wanted.fails);
      return;
    }
    const { plan, questions, concluded } = play(module, wanted, ({ script, uses }) => {
      expect(complaints(script, uses)).toEqual([]);
    });
    for (const { script, uses } of scriptsOf(plan)) expect(complaints(script, uses)).toEqual([]);
    check(wanted, plan, questions.map((question) => question.script).join('\n'));
    if (wanted.concluded !== undefined) expect(concluded).toMatchObject(wanted.concluded);
    keepsSecrets(module, wanted, plan);
  });
});

function check(wanted: Case, plan: Plan, asked: string): void {
  for (const fragment of wanted.asks ?? []) expect(asked).toContain(fragment);
  if (wanted.converged) expect(plan.actions).toEqual([]);
  if (wanted.changes !== undefined) {
    const changes = plan.actions.flatMap((action) => action.changes).map(plain);
    expect(changes).toHaveLength(wanted.changes.length);
    expect(changes).toMatchObject(wanted.changes as object[]);
  }
  const scripts = scriptsOf(plan).map(({ script }) => script);
  for (const fragment of wanted.runs ?? []) expect(scripts.join('\n')).toContain(fragment);
  if (wanted.puts !== undefined) {
    const puts = plan.actions.flatMap(({ step }) =>
      'put' in step ? [{ ...step, bytes: undefined, content: new TextDecoder().decode(step.bytes.bytes) }] : [],
    );
    expect(puts).toMatchObject(wanted.puts as object[]);
    expect(puts).toHaveLength(wanted.puts.length);
  }
  if (wanted.effects !== undefined) {
    const effects = plan.actions.flatMap(({ step }) => ('effect' in step ? [step.effect] : []));
    expect(effects).toMatchObject(wanted.effects as object[]);
  }
  if (wanted.opaque !== undefined) expect(plan.actions[0]?.opaque).toBe(wanted.opaque);
  if (wanted.data !== undefined) expect(plan.data ?? {}).toMatchObject(wanted.data);
  if (wanted.pending !== undefined) expect(plan.pending ?? {}).toMatchObject(wanted.pending);
  if (wanted.diffs !== undefined)
    expect([plan.diffs].flat() as readonly Diff[]).toMatchObject(wanted.diffs as object[]);
  if (wanted.warnings !== undefined) expect(plan.warnings).toEqual(wanted.warnings);
  if (wanted.skipped !== undefined) expect(plan.skipped).toBe(wanted.skipped);
}

/** What a secret argument holds is nowhere in what becomes events or registered values. */
function keepsSecrets(module: AnyModule, wanted: Case, plan: Plan): void {
  const told = JSON.stringify([
    plan.data,
    plan.pending,
    plan.diffs,
    plan.warnings,
    plan.actions.map((action) => action.changes),
  ]);
  for (const [name, arg] of Object.entries(module.schema as Schema)) {
    const value = wanted.args[name];
    if (arg.secret && typeof value === 'string' && value !== '') expect(told).not.toContain(value);
  }
}

describe('every table', () => {
  it('belongs to a module', () => {
    const names = new Set(modules.map(({ name }) => name));
    expect(tables().filter((name) => !names.has(name))).toEqual([]);
  });
});

describe.each(modules)('$full', ({ module }) => {
  const examples = parse(module.doc.examples, { logLevel: 'silent' }) as Record<string, Json>[];
  const names = modules.flatMap((each) => (each.module === module ? [each.name, each.full] : []));
  const own = examples.flatMap((task) => {
    const key = Object.keys(task).find((key) => names.includes(key));
    return key === undefined ? [] : [argumentsIn(task, key, module)];
  });

  it('has examples that validate', () => {
    expect(own.length).toBeGreaterThan(0);
    for (const args of own) expect(() => argumentsOf(module, args)).not.toThrow();
  });

  it('asks in words that every shell reads', () => {
    if (isControl(module)) return;
    for (const args of own) {
      const question = (module as Module).inspect(argumentsOf(module, args) as never, { ...SITE, diff: true });
      expect(complaints(question.script, question.uses)).toEqual([]);
    }
  });

  it('documents every argument', () => {
    expect(undocumented(module.schema as Schema)).toEqual([]);
  });
});

function undocumented(schema: Schema, prefix = ''): string[] {
  return Object.entries(schema).flatMap(([name, arg]) => [
    ...(arg.doc.trim() === '' ? [`${prefix}${name}`] : []),
    ...(arg.options === undefined ? [] : undocumented(arg.options, `${prefix}${name}.`)),
  ]);
}

/** The arguments of an example's task: a dict, `key=value` words or free form, with `args:` merged in. */
function argumentsIn(task: Record<string, Json>, key: string, module: AnyModule): JsonObject {
  const schema = module.schema as Schema;
  const given = task[key] ?? {};
  const more = (task['args'] ?? {}) as JsonObject;
  const freeForm = Object.entries(schema).find(([, arg]) => arg.freeForm)?.[0];
  const args: Record<string, Json> =
    typeof given === 'object' && !Array.isArray(given)
      ? { ...(given as JsonObject), ...more }
      : freeForm !== undefined
        ? { [freeForm]: given, ...more }
        : {
            ...Object.fromEntries(
              String(given)
                .split(/\s+/)
                .map((word) => word.split(/=(.*)/s).slice(0, 2)),
            ),
            ...more,
          };
  const isOpen = 'open' in module;
  const known = Object.entries(args).filter(([name]) => !isOpen || schema[name] !== undefined);
  return Object.fromEntries(known.map(([name, value]) => [name, filledIn(schema, name, value, args)]));
}

const SAMPLES: Readonly<Record<string, Json>> = {
  bool: true,
  int: 1,
  float: 1.5,
  list: ['a'],
  dict: {},
  bytes: 1,
  bits: 1,
};

/** Templates get a sample of the argument's type, files of the controller a source. */
function filledIn(schema: Schema, name: string, value: Json, args: JsonObject): Json {
  const arg = schema[name] ?? Object.values(schema).find((each) => each.aliases?.includes(name));
  if (
    arg?.file !== undefined &&
    typeof value === 'string' &&
    args[arg.fileUnless ?? ''] !== true &&
    !/^\w+:\/\//.test(value)
  ) {
    return {
      type: 'file',
      path: `/controller/${value.split(' ')[0]}`,
      mode: '0644',
      rest: '',
      ...sourceOf('x'),
    } as never;
  }
  if (typeof value === 'string' && value.includes('{{')) return SAMPLES[arg?.type ?? 'str'] ?? 'sample';
  return value;
}
