// Answers of hosts for tests: sections as scripts print them, and a plan made of them.

import type { State } from '../../../engine/model/resource.ts';
import type { Json, JsonObject } from '../../../engine/model/value.ts';
import type { ExecResult, Module, Observed, Plan, Resource } from '../../../engine/module/contract.ts';
import { argumentCheck } from '../../../engine/module/schema.ts';
import { SITE } from '../miniature.ts';

const encode = (text: string): Uint8Array => new TextEncoder().encode(text);

/** An answer with these sections, after plain text. */
export function sections(parts: Readonly<Record<string, string>>): ExecResult {
  const stdout = Object.entries(parts)
    .map(([name, text]) => `\x1e${name}\n${text}\n`)
    .join('');
  return { rc: 0, stdout: encode(stdout), stderr: encode('') };
}

/** What a module plans when the host answers so, with states laid over what it observed. */
export function planFrom(
  // biome-ignore lint/suspicious/noExplicitAny: modules of every schema
  module: Module<any>,
  given: JsonObject,
  answer: ExecResult,
  overlay: Readonly<Record<string, State>> = {},
): Plan {
  const args = argumentCheck(module.schema, module.rules).check(given, { module: 'module' }) as Record<string, Json>;
  const question = module.inspect(args, SITE);
  const seen = new Map<Resource, State>(question.read(answer) as Observed);
  for (const [resource, state] of Object.entries(overlay)) seen.set(resource as Resource, state);
  const plan = module.plan(args, seen, SITE);
  if (plan.kind !== 'plan') throw new Error('one more question');
  return plan;
}

/** `resource: after` of all changes of a plan, in order. */
export function changesOf(plan: Plan): [string, unknown][] {
  return plan.actions.flatMap((action) =>
    action.changes.map((change) => [change.of, change.after] as [string, unknown]),
  );
}
