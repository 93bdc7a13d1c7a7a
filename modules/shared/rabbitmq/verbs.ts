// What each verb of rabbitmqctl changes, and how.

import {
  ABSENT,
  type Action,
  type Change,
  type Json,
  type JsonObject,
  ModuleFailure,
  type Observed,
  type Plan,
  type Resource,
} from '../../../engine/module/contract.ts';
import { raw, type Script, sh } from '../../../engine/module/sh.ts';
import { sourceOf } from '../../../engine/module/source.ts';
import { decode } from '../sections.ts';
import { isAbsent, knownOf, listOf, noteOf, stateOf } from '../seen.ts';
import { rabbitOptions } from './inquiry.ts';
import type { RabbitArgs } from './schema.ts';

interface Step {
  readonly change: Change;
  readonly words: readonly string[];
  /** The password goes in on stdin. */
  readonly secret?: true;
}

/** The plan of a verb; `foreseen`: on a server that is not there yet. */
export function planVerb(args: RabbitArgs, seen: Observed, foreseen: boolean): Plan {
  const told = tellingOf(args, seen);
  if (told !== undefined) return { kind: 'plan', actions: [], data: told };
  const steps = stepsOf(args, seen, foreseen);
  return { kind: 'plan', actions: steps.map((step) => actionOf(args, step)), data: {} };
}

function actionOf(args: RabbitArgs, step: Step): Action {
  const run: Script = sh`rabbitmqctl -q ${rabbitOptions(args)} ${step.words}`;
  return {
    changes: [step.change],
    step: {
      run,
      ...(step.secret ? { stdin: sourceOf(`${args.password}\n`) } : {}),
      failure: `rabbitmqctl ${step.words[0]} failed`,
    },
  };
}

/** Results of the verbs that only tell. */
function tellingOf(args: RabbitArgs, seen: Observed): JsonObject | undefined {
  const note = noteOf(seen, 'rabbitmq:');
  switch (args.verb) {
    case 'list_users':
      return { users: note['users'] ?? [] };
    case 'list_vhosts':
      return { vhosts: note['vhosts'] ?? [] };
    case 'list_permissions':
      return { permissions: note['permissions'] ?? [] };
    case 'status':
      return { stdout: note['status'] ?? '' };
    case 'authenticate_user': {
      if (note['authenticated'] === true) return { authenticated: true };
      if (knownOf(seen, `rabbitmq-user:${args.user}`)?.['password'] === 'set') return { authenticated: true };
      throw new ModuleFailure(`user '${args.user}' is refused with this password`, { authenticated: false });
    }
    default:
      return undefined;
  }
}

function stepsOf(args: RabbitArgs, seen: Observed, foreseen: boolean): Step[] {
  const user: Resource = `rabbitmq-user:${args.user}`;
  const permission: Resource = `rabbitmq-permission:${args.vhost}/${args.user}`;
  switch (args.verb) {
    case 'add_user':
      return [...accountSteps(args, seen), ...(args.tags === undefined ? [] : tagSteps(args, seen))];
    case 'change_password': {
      requireThere(seen, user, `user '${args.user}' does not exist`, foreseen);
      return passwordRight(args, seen) ? [] : [passwordStep(args, seen)];
    }
    case 'set_user_tags':
      requireThere(seen, user, `user '${args.user}' does not exist`, foreseen);
      return tagSteps(args, seen);
    case 'delete_user':
      return removal(seen, user, ['delete_user', args.user!]);
    case 'set_permissions': {
      requireThere(seen, user, `user '${args.user}' does not exist`, foreseen);
      requireThere(seen, `rabbitmq-vhost:${args.vhost}`, `virtual host '${args.vhost}' does not exist`, foreseen);
      const want = { configure: args.configure, write: args.write, read: args.read };
      const words = ['set_permissions', '-p', args.vhost, args.user!, args.configure, args.write, args.read];
      return difference(seen, permission, want, words);
    }
    case 'clear_permissions':
      return removal(seen, permission, ['clear_permissions', '-p', args.vhost, args.user!]);
    case 'add_vhost':
      return difference(seen, `rabbitmq-vhost:${args.vhost}`, {}, ['add_vhost', args.vhost]);
    case 'delete_vhost':
      return removal(seen, `rabbitmq-vhost:${args.vhost}`, ['delete_vhost', args.vhost]);
    case 'set_policy': {
      requireThere(seen, `rabbitmq-vhost:${args.vhost}`, `virtual host '${args.vhost}' does not exist`, foreseen);
      const definition = args.definition as JsonObject;
      const want = { pattern: args.pattern!, priority: args.priority, apply_to: args.apply_to, definition };
      const options = ['--priority', String(args.priority), '--apply-to', args.apply_to];
      const words = [
        'set_policy',
        '-p',
        args.vhost,
        ...options,
        args.policy!,
        args.pattern!,
        JSON.stringify(definition),
      ];
      return difference(seen, `rabbitmq-policy:${args.vhost}/${args.policy}`, want, words);
    }
    case 'clear_policy':
      return removal(seen, `rabbitmq-policy:${args.vhost}/${args.policy}`, [
        'clear_policy',
        '-p',
        args.vhost,
        args.policy!,
      ]);
    case 'enable_feature_flag': {
      const flag: Resource = `rabbitmq-flag:${args.flag}`;
      requireThere(seen, flag, `there is no feature flag '${args.flag}'`, foreseen);
      return difference(seen, flag, { state: 'enabled' }, ['enable_feature_flag', args.flag!]);
    }
    default:
      throw new ModuleFailure(`rabbitmqctl ${args.verb} changes nothing`);
  }
}

function requireThere(seen: Observed, resource: Resource, message: string, foreseen: boolean): void {
  if (isAbsent(stateOf(seen, resource)) && !foreseen) throw new ModuleFailure(message);
}

function removal(seen: Observed, resource: Resource, words: readonly string[]): Step[] {
  const now = stateOf(seen, resource);
  if (isAbsent(now)) return [];
  return [{ change: { of: resource, before: knownOf(seen, resource) ?? {}, after: ABSENT }, words }];
}

/** One step, unless the resource is there with all that is wanted. */
function difference(seen: Observed, resource: Resource, want: JsonObject, words: readonly string[]): Step[] {
  const now = knownOf(seen, resource);
  if (now !== undefined && Object.entries(want).every(([key, value]) => same(now[key], value))) return [];
  return [{ change: { of: resource, before: now ?? ABSENT, after: want }, words }];
}

function same(a: Json | undefined, b: Json): boolean {
  return JSON.stringify(sorted(a ?? null)) === JSON.stringify(sorted(b));
}

function sorted(value: Json): Json {
  if (Array.isArray(value)) return value.map(sorted);
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, item]) => [key, sorted(item)]),
  );
}

function passwordRight(args: RabbitArgs, seen: Observed): boolean {
  return (
    noteOf(seen, 'rabbitmq:')['authenticated'] === true ||
    knownOf(seen, `rabbitmq-user:${args.user}`)?.['password'] === 'set'
  );
}

function passwordStep(args: RabbitArgs, seen: Observed): Step {
  const of: Resource = `rabbitmq-user:${args.user}`;
  const change: Change = { of, before: knownOf(seen, of) ?? {}, after: { password: 'set' } };
  return { change, words: ['change_password', args.user!], secret: true };
}

function accountSteps(args: RabbitArgs, seen: Observed): Step[] {
  const of: Resource = `rabbitmq-user:${args.user}`;
  if (isAbsent(stateOf(seen, of))) {
    const change: Change = { of, before: ABSENT, after: { tags: [], password: 'set' } };
    return [{ change, words: ['add_user', args.user!], secret: true }];
  }
  if (args.update_password === 'on_create' || passwordRight(args, seen)) return [];
  return [passwordStep(args, seen)];
}

function tagSteps(args: RabbitArgs, seen: Observed): Step[] {
  const of: Resource = `rabbitmq-user:${args.user}`;
  const now = knownOf(seen, of);
  const want = args.tags!.map((tag) => tag.trim()).filter((tag) => tag !== '');
  const have = now === undefined ? [] : listOf(now, 'tags');
  if (
    have.length === want.length &&
    want.every((tag) => have.includes(tag)) &&
    (now !== undefined || want.length === 0)
  )
    return [];
  const change: Change = { of, before: now ?? { tags: [] }, after: { tags: want } };
  return [{ change, words: ['set_user_tags', args.user!, ...want] }];
}

/** await_startup: nothing when it runs; else a wait on the host. */
export function planStartup(args: RabbitArgs, seen: Observed, state: 'answers' | 'foreseen' | 'missing'): Plan {
  if (state === 'answers') return { kind: 'plan', actions: [], data: {} };
  if (isAbsent(stateOf(seen, 'command:rabbitmqctl')))
    throw new ModuleFailure('rabbitmqctl is not installed on this host');
  const wait = sh`rabbitmqctl -q ${rabbitOptions(args)} await_startup`;
  return {
    kind: 'plan',
    actions: [
      {
        changes: [],
        opaque: 'observes',
        reason: 'waits until RabbitMQ has started',
        step: { run: sh`${raw(wait)}`, failure: 'RabbitMQ has not started' },
      },
    ],
    conclude: (outputs) => ({ stdout: decode(outputs[0]!.stdout) }),
  };
}
