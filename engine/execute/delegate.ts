// Where a task works: which host's connection variables count, and what a module may know of the place.

import { randomBytes } from 'node:crypto';
import type { Json, JsonObject, Value } from '../model/value.ts';
import { OMIT, toJson } from '../model/value.ts';
import type { Site } from '../module/contract.ts';
import type { Context } from '../template/contract.ts';
import type { Keywords } from './directives.ts';
import type { Engine } from './engine.ts';
import type { TaskSite } from './site.ts';
import { Target } from './target.ts';

export interface Delegate {
  readonly name: string;
  /** ansible_host of the delegate, when it has one. */
  readonly address: string | undefined;
}

export interface Placed {
  readonly target: Target;
  /** The host that is worked on. */
  readonly host: string;
  readonly delegate: Delegate | undefined;
  site(diff: boolean): Site;
}

/** Resolves host, connection and environment of one execution. Throws TemplateError, ConnectionError. */
export function targetFor(
  site: TaskSite,
  keywords: Keywords,
  context: Context,
  inventoryHost: string,
  delegate: Delegate | undefined,
  extra: ReadonlyMap<string, Value> | undefined,
): Placed {
  const { engine, frame, task } = site;
  const host = delegate?.name ?? inventoryHost;
  const scope =
    delegate === undefined
      ? context.scope
      : engine.variables.scope({ host, play: frame.run.play, task, ...(extra === undefined ? {} : { extra }) });
  const view: Context = { ...context, scope };
  const lookup = (name: string): Value | undefined => {
    const raw = scope.get(name);
    if (raw === undefined) return undefined;
    const value = engine.templar.render(raw, view);
    return value === OMIT ? undefined : value;
  };
  const known = engine.inventory.host(host);
  const spec = engine.connectionSpec(
    lookup,
    {
      connection: keywords.text('connection'),
      remoteUser: keywords.text('remoteUser'),
      port: keywords.number('port'),
      become: keywords.bool('become'),
      becomeUser: keywords.text('becomeUser'),
      becomeMethod: keywords.text('becomeMethod'),
      becomeFlags: keywords.text('becomeFlags'),
      becomeExe: keywords.text('becomeExe'),
    },
    { name: host, implicit: known?.implicit ?? false },
  );
  for (const secret of [spec.password, spec.privateKeyPassphrase, spec.become?.password])
    if (secret) engine.hide(secret);
  const seconds = keywords.number('timeout') ?? engine.settings.taskTimeout;
  const environment = keywords.environment();
  const target = new Target({
    spec,
    environment,
    open: () => engine.dialler.connect(spec, engine.signal),
    reset: () => engine.dialler.reset(host),
    timeout: seconds > 0 ? seconds : undefined,
    signal: engine.signal,
  });
  return {
    target,
    host,
    delegate:
      delegate === undefined ? undefined : { name: host, address: spec.address === host ? undefined : spec.address },
    site: (diff) => siteOf(engine, host, environment, spec.remoteTmp, diff),
  };
}

function siteOf(
  engine: Engine,
  host: string,
  environment: Readonly<Record<string, string>>,
  remoteTmp: string,
  diff: boolean,
): Site {
  let facts: JsonObject | undefined;
  return {
    host,
    environment,
    diff,
    remoteTmp,
    token: randomBytes(8).toString('hex'),
    get facts(): JsonObject {
      facts ??= toJson(engine.variables.facts(host)) as { readonly [key: string]: Json };
      return facts;
    },
  };
}
