// What a host's outcome leaves behind at once: its event, registered variable, facts and notifications.

import { PlaybookError } from '../model/errors.ts';
import type { Task } from '../model/playbook.ts';
import type { TaskResult } from '../model/result.ts';
import { type Dict, fromJson, isDict, type Json, type JsonObject, toJson } from '../model/value.ts';
import type { RunEffect } from '../module/control.ts';
import { isControl } from '../module/registry.ts';
import { toBool, toText } from '../module/schema.ts';
import { contextOf } from './context.ts';
import { early, type Keywords, nearest } from './directives.ts';
import type { Engine } from './engine.ts';
import { type HostOutcome, type ItemEffect, includes, isSilent, type TaskSite } from './site.ts';
import type { Frame } from './state.ts';

/** What a host's outcome leaves behind at once: its event, registered variable, facts and notifications. */
export function keep(site: TaskSite, outcome: HostOutcome, owners: readonly string[]): void {
  const { engine, task, frame } = site;
  const { variables } = engine;
  const { result, registered } = outcome;
  const register = task.directives['register']?.value;
  if (typeof register === 'string' && !isSilent(site.found)) {
    const { invocation: _invocation, failed, ...kept } = registered;
    // An include that was carried out says nothing of failure: what it brought in does.
    const value = fromJson(failed === undefined || includes(outcome) ? kept : { ...kept, failed });
    for (const host of owners) {
      variables.register(host, register, value);
      if (result.certainty !== 'certain') variables.markUncertain(host, register, result.certainty);
    }
  }
  if (!isControl(site.found.module))
    for (const facts of factsOf(registered))
      for (const host of factOwners(site, outcome, owners)) variables.setFacts(host, facts);
  for (const wanted of outcome.effects) {
    if (owners.length < 2 || wanted.effect.kind !== 'set-facts') continue;
    for (const host of factOwners(site, outcome, owners))
      if (host !== outcome.host) keepFacts(engine, host, wanted.effect, wanted);
  }
  for (const name of notifies(result) ? outcome.notified : []) {
    for (const host of owners) {
      const known = frame.run.handlers.notify(name, host, (handler, value) =>
        early(() => toText(toJson(engine.templar.render(value, contextOf(engine, frame.run, handler, host))))),
      );
      if (!known) missingHandler(engine, task, name, frame);
    }
  }
  if (isSilent(site.found)) {
    // Shows nothing, unless it was not done.
    if (result.status === 'skipped')
      engine.emit({ kind: 'host-finished', outcome: outcome.outcome, loop: outcome.loop, uncounted: true });
  } else if (!includes(outcome)) engine.emit({ kind: 'host-finished', outcome: outcome.outcome, loop: outcome.loop });
}

/** A skipped task that a real run would report as changed notifies in a dry run, so that its handlers are foretold. */
function notifies(result: TaskResult): boolean {
  return result.status === 'changed' || (result.status === 'skipped' && result.foretold === 'changed');
}

function missingHandler(engine: Engine, task: Task, name: string, frame: Frame): void {
  const message = `The requested handler '${name}' was not found in either the main handlers list nor in the listening handlers list`;
  const hint = `known handlers: ${frame.run.handlers.names().join(', ') || 'none'}`;
  if (engine.settings.errorOnMissingHandler)
    throw new PlaybookError(message, {
      position: task.directives['notify']?.position ?? task.position,
      hint,
      exitCode: 1,
    });
  engine.emit({ kind: 'warned', message, position: task.position });
}

function* factsOf(registered: JsonObject): Iterable<Dict> {
  const results: readonly Json[] = Array.isArray(registered['results']) ? registered['results'] : [registered];
  for (const result of results) {
    const facts = fromJson((result as JsonObject | null)?.['ansible_facts'] ?? null);
    if (isDict(facts)) yield facts;
  }
}

function factOwners(site: TaskSite, outcome: HostOutcome, owners: readonly string[]): readonly string[] {
  if (outcome.delegate === undefined) return owners;
  const raw = nearest(site.task, site.frame.run.play, 'delegateFacts')?.value;
  return toBool(toJson(raw ?? false)) ? [outcome.delegate.name] : owners;
}

/** What a control module sets for its own host counts at once: the next item of a loop sees it. */
export function keepOwn(engine: Engine, wanted: ItemEffect, host: string, keywords: Keywords): void {
  const { effect, delegate } = wanted;
  const owner = delegate !== undefined && keywords.bool('delegateFacts') ? delegate.name : host;
  if (effect.kind === 'set-facts') keepFacts(engine, owner, effect, wanted);
  else if (effect.kind === 'set-vars') engine.variables.setIncludeVars(owner, new Map(effect.vars));
}

/** set_fact: variables of the host; cacheable ones are facts as well. */
export function keepFacts(
  engine: Engine,
  host: string,
  effect: Extract<RunEffect, { kind: 'set-facts' }>,
  { certainty, sources }: Pick<ItemEffect, 'certainty' | 'sources'>,
): void {
  const facts: Dict = new Map(effect.facts);
  engine.variables.setNonPersistent(host, facts, sources);
  if (effect.cacheable) engine.variables.setFacts(host, facts);
  if (certainty !== 'certain')
    for (const name of facts.keys()) engine.variables.markUncertain(host, String(name), certainty);
}
