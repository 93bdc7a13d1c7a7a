// The only place that joins everything: settings and options in, a run out.

import { existsSync, readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { registry as native } from '../../modules/index.ts';
import { createDialler } from '../connection/dialler.ts';
import { type ConnectionSettings, connectionSpec } from '../connection/spec.ts';
import type { Engine, PlaybookRun } from '../execute/engine.ts';
import { runPlaybooks } from '../execute/run.ts';
import { Forecast } from '../forecast/forecast.ts';
import { type GroupNames, loadInventory } from '../inventory/load.ts';
import { PlaybookError, TemplateError } from '../model/errors.ts';
import type { Event } from '../model/event.ts';
import type { Inventory } from '../model/inventory.ts';
import type { Position } from '../model/position.ts';
import { type Dict, OMIT, type Scope, type Value } from '../model/value.ts';
import { decode } from '../parse/decode.ts';
import { createLoader, type PlaybookLoader } from '../parse/loader.ts';
import { nearest } from '../parse/near.ts';
import { refuseStrategy } from '../parse/strategy.ts';
import { parseDocument, parseYaml, type YamlHooks } from '../parse/yaml.ts';
import { type FullRegistry, withPrograms } from '../program/registry.ts';
import { Shelf } from '../program/shelf.ts';
import { HumanReport } from '../report/human.ts';
import { JsonReport } from '../report/json.ts';
import type { Listener, ReadLines, Screen } from '../report/listener.ts';
import { LiveLine } from '../report/live.ts';
import { Notices } from '../report/notices.ts';
import type { Redactor } from '../report/redact.ts';
import { Tally } from '../report/tally.ts';
import type { Context, LookupServices, Templar } from '../template/contract.ts';
import { lookups } from '../template/lookups/index.ts';
import { parseTimestamp } from '../template/python/timestamp.ts';
import { createTemplar } from '../template/templar.ts';
import { createVariables } from '../variables/variables.ts';
import type { Vault } from '../variables/vault.ts';
import { lookOf, stdoutCallback } from './look.ts';
import type { PlaybookOptions } from './options.ts';
import { fetchPage } from './page.ts';
import { ask } from './prompt.ts';
import { writeRetryFiles } from './retry.ts';
import { configured, type LoadedSettings, storedOption } from './settings.ts';
import { CORE_VERSION } from './version.ts';

/** Passwords that the user was asked for, or that files hold. */
export interface Passwords {
  readonly connection: string | undefined;
  readonly become: string | undefined;
}

/** What a command is given to work with. */
export interface Desk {
  readonly loaded: LoadedSettings;
  readonly options: PlaybookOptions;
  readonly verbosity: number;
  readonly passwords: Passwords;
  readonly vault: Vault;
  readonly screen: Screen;
  readonly read: ReadLines;
  readonly redactor: Redactor;
  readonly signal: AbortSignal;
  readonly notices: Notices;
  /** The line at the bottom of a terminal, where there is one; the screen writes over it. */
  readonly live: LiveLine | undefined;
  /** Listeners beside the report on the screen. */
  readonly listeners?: readonly Listener[];
}

/** Everything that is known before a playbook is read. */
export interface Ground {
  readonly desk: Desk;
  readonly inventory: Inventory;
  readonly extraVars: Dict;
  readonly loader: PlaybookLoader;
  readonly templar: Templar;
  readonly registry: FullRegistry;
  readonly warn: (message: string, position?: Position) => void;
}

/** Hooks with which all YAML is read. */
export function yamlHooks(loaded: LoadedSettings, vault: Vault, warn: Ground['warn']): YamlHooks {
  return {
    warn,
    duplicateKeys: loaded.values.duplicateDictKey as 'warn' | 'error' | 'ignore',
    decrypt: (text, position) => vault.text(text, position),
    timestamp: parseTimestamp,
  };
}

/** Warnings before the run starts, each once. */
export function noticesOf(desk: Pick<Desk, 'screen' | 'loaded' | 'verbosity' | 'read'>): Notices {
  return new Notices(desk.screen, lookOf(desk.loaded.values, desk.verbosity), desk.read);
}

/** Reads the inventory and makes loader and templar. Throws InventoryError. */
export async function prepareGround(desk: Desk, extraVars: Dict, warn: Ground['warn']): Promise<Ground> {
  const { values } = desk.loaded;
  refuseStrategy(values.strategy);
  const hooks = yamlHooks(desk.loaded, desk.vault, warn);
  const given = desk.options.inventory as readonly string[] | undefined;
  const sources = given === undefined || given.length === 0 ? configuredSources(desk.loaded) : given;
  const inventory = await loadInventory(sources, {
    parseYaml: (text, file) => parseDocument(text, file, hooks),
    warn,
    plugins: values.enablePlugins,
    ignoreExtensions: values.ignoreExtensions,
    ignorePatterns: values.ignorePatterns,
    groupNames: values.forceValidGroupNames as GroupNames,
    mismatch: values.hostPatternMismatch as 'warning',
    unparsedIsFailed: values.unparsedIsFailed,
    anyUnparsedIsFailed: values.anyUnparsedIsFailed,
    localhostWarning: values.localhostWarning,
    unparsedWarning: values.inventoryUnparsedWarning,
  });
  const templar = createTemplar({
    typing: values.jinja2Native === false ? 'classic' : 'modern',
    trimBlocks: true,
    allowBrokenConditionals: values.allowBrokenConditionals,
    allowEmbeddedTemplates: values.allowEmbeddedTemplates,
    errorOnUndefined: values.errorOnUndefinedVars,
    extensions: values.jinja2Extensions,
  });
  const shelf = new Shelf(libraryFolders(desk), values.collectionsPath);
  const registry = withPrograms(native, shelf, CORE_VERSION);
  const loader = createLoader({
    ...hooks,
    rolesPath: values.rolesPath,
    collectionsPaths: values.collectionsPath,
    isAction: (name, collections) => registry.has(name, collections),
    unwritten: (name, collections) => registry.unwritten(name, collections),
    countBeside: (folder) => shelf.addBeside(folder),
    nearActions: (name) => [nearest(name, registry.names())].filter((found) => found !== undefined),
    isLookup: (name) => lookups.has(name),
    renderStatic: (value, vars) => templar.render(value, bareContext(desk, overlaid(vars, extraVars), warn)),
    validateAction: 'ansible.builtin.validate_argument_spec',
  });
  return { desk, inventory, extraVars, loader, templar, registry, warn };
}

/** Where programs are looked for beside playbooks and roles: -M, then the setting. */
function libraryFolders({ options, loaded }: Desk): readonly string[] {
  const given = (options.modulePath as readonly string[] | undefined) ?? [];
  return [...given.flatMap((path) => path.split(':')), ...loaded.values.library].map((path) => resolve(path));
}

/** The inventory that is set; the usual place counts only when something is there. */
function configuredSources(loaded: LoadedSettings): readonly string[] {
  const { inventory } = loaded.values;
  return loaded.origins.has('inventory') ? inventory : inventory.filter((source) => existsSync(source));
}

function overlaid(vars: Dict, over: Dict): Scope {
  return {
    get: (name) => (name === 'omit' ? OMIT : (over.get(name) ?? vars.get(name))),
    names: () => new Set([...over.keys(), ...vars.keys()].map(String)),
  };
}

function bareContext(desk: Desk, scope: Scope, warn: Ground['warn']): Context {
  return {
    scope,
    searchPath: [process.cwd()],
    basedir: process.cwd(),
    services: { matchHosts: () => [], ...settingServices(desk), knowsModule: () => false, ...vaultServices(desk) },
    warn,
  };
}

/** What templates may ask of the configuration, and of the world. */
function settingServices({ loaded }: Desk): Pick<LookupServices, 'setting' | 'stored' | 'fetch'> {
  return {
    setting: (name) => configured(loaded, name),
    stored: (section, key) => storedOption(loaded, section, key),
    fetch: fetchPage,
  };
}

/** What templates use of the vault. What stands inline is a declared secret: no report shows it. */
function vaultServices({ vault, redactor }: Desk): Pick<LookupServices, 'unvault' | 'reveal'> {
  const unvault = (text: string, position: Position): string => {
    try {
      return vault.text(text, position);
    } catch (error) {
      if (!(error instanceof PlaybookError)) throw error;
      throw new TemplateError(error.message, { position, hint: error.hint, cause: error });
    }
  };
  const reveal = (text: string, position: Position): string => {
    const secret = unvault(text, position);
    redactor.add(secret);
    return secret;
  };
  return { unvault, reveal };
}

/** Plays loaded playbooks. The exit code is a fold over the events, or the user's interruption (99). */
export async function play(ground: Ground, playbooks: readonly PlaybookRun[]): Promise<number> {
  const { desk, inventory, templar, warn } = ground;
  const { values } = desk.loaded;
  const { options } = desk;
  const tally = new Tally();
  const listeners: Listener[] = [tally, ...(desk.listeners ?? []), ...screenListeners(desk)];
  const emit = (event: Event): void => {
    for (const clean of desk.redactor.events(event)) for (const listener of listeners) listener.hear(clean);
  };
  const hooks = yamlHooks(desk.loaded, desk.vault, warn);
  const readVars = (file: string): Value => parseYaml(readText(file), file, hooks).value;
  const playbookDir = dirname(resolve(playbooks[0]?.file ?? 'playbook.yml'));
  const services = {
    matchHosts: (pattern: string) => inventory.match(pattern),
    ...settingServices(desk),
    knowsModule: (name: string) => ground.registry.has(name) && ground.registry.unwritten(name) === undefined,
    ...vaultServices(desk),
  };
  const checkMode = options.check;
  const diff = options.diff || values.diffAlways;
  const forks = (options.forks as number | undefined) ?? values.forks;
  const tags = {
    run: tagList(options.tags, values.runTags, ['all']),
    skip: tagList(options.skipTags, values.skipTags, []),
  };
  const connectionSettings = connectionSettingsOf(desk);
  const variables = createVariables({
    inventory,
    extraVars: ground.extraVars,
    playbookDir,
    run: {
      checkMode,
      diffMode: diff,
      forks,
      verbosity: desk.verbosity,
      runTags: tags.run,
      skipTags: tags.skip,
      limit: options.limit as string | undefined,
      configFile: desk.loaded.file,
    },
    readVars,
    render: (value, scope) => templar.render(value, { ...bareContext(desk, scope, warn), services }),
    warn: (message) => warn(message),
    hashBehaviour: values.hashBehaviour as 'replace' | 'merge',
    injectFacts: values.injectFactsAsVars,
    privateRoleVars: values.privateRoleVars,
    connection: connectionSettings.connection,
  });
  const dialler = createDialler();
  const engine: Engine = {
    inventory,
    loader: ground.loader,
    variables,
    templar,
    dialler,
    registry: ground.registry,
    forecast: new Forecast(),
    services,
    emit,
    settings: {
      forks,
      checkMode,
      diff,
      verbosity: desk.verbosity,
      tags,
      startAtTask: options.startAtTask as string | undefined,
      strategy: values.strategy,
      forceHandlers: options.forceHandlers || values.forceHandlers,
      anyErrorsFatal: values.anyErrorsFatal,
      errorOnMissingHandler: values.errorOnMissingHandler,
      gathering: values.gathering as 'implicit' | 'explicit' | 'smart',
      factsAction: 'ansible.builtin.gather_facts',
      noLog: values.noLog,
      pollInterval: values.pollInterval,
      taskTimeout: values.taskTimeout,
      remoteTmp: values.remoteTmp,
      asyncDir: values.asyncDir,
      ansibleManaged: values.ansibleManaged,
      limit: options.limit as string | undefined,
      step: options.step ?? false,
      maxDiffSize: values.maxDiffSize,
    },
    connectionSpec: (lookup, keywords, host) => connectionSpec(lookup, keywords, connectionSettings, host),
    prompt: (text, how) => {
      desk.live?.hide();
      return ask({ input: process.stdin, output: process.stdout }, text, { ...how, signal: desk.signal });
    },
    hide: (secret) => desk.redactor.add(secret),
    opened: (bytes, file) => desk.vault.opened(bytes, file),
    readVarsFile: async (file) => readVars(file),
    signal: desk.signal,
  };
  for (const secret of [desk.passwords.connection, desk.passwords.become]) if (secret) desk.redactor.add(secret);
  try {
    const { interrupted } = await runPlaybooks(engine, playbooks);
    const exitCode = interrupted ? 99 : tally.exitCode();
    if (interrupted) emit({ kind: 'warned', message: 'The run was interrupted: nothing new was started.' });
    for (const message of writeRetryFiles(values, playbooks, tally)) emit({ kind: 'noted', level: 0, message });
    emit({ kind: 'run-finished', exitCode, interrupted });
    return exitCode;
  } finally {
    for (const listener of listeners) listener.close?.();
    await dialler.close();
  }
}

function readText(file: string): string {
  try {
    return decode(readFileSync(file), file);
  } catch (error) {
    if (error instanceof PlaybookError) throw error;
    throw new PlaybookError(`could not read ${file}: ${(error as Error).message}`, { exitCode: 1 });
  }
}

function tagList(given: unknown, setting: readonly string[], fallback: readonly string[]): readonly string[] {
  const words = (Array.isArray(given) ? given : given === undefined ? setting : [given]).flatMap((word) =>
    String(word).split(','),
  );
  const tags = words.map((word) => word.trim()).filter((word) => word !== '');
  return tags.length > 0 ? tags : fallback;
}

/** The line at the bottom of a terminal. */
export async function liveLine(): Promise<LiveLine> {
  const { default: ora } = await import('ora');
  return new LiveLine(ora({ stream: process.stdout, discardStdin: false }), Date.now, () => process.stdout.columns);
}

function screenListeners({ loaded, verbosity, screen, read, notices, live }: Desk): readonly Listener[] {
  const look = lookOf(loaded.values, verbosity);
  if (stdoutCallback(loaded.values.stdoutCallback) === 'json')
    return [new JsonReport(screen, notices, () => new Date().toISOString())];
  const human = new HumanReport(screen, look, read, notices);
  return live === undefined ? [human] : [human, live];
}

function connectionSettingsOf({ loaded: { values }, options, passwords }: Desk): ConnectionSettings {
  return {
    connection: (options.connection as string | undefined) ?? values.transport,
    remoteUser: (options.user as string | undefined) ?? values.remoteUser ?? undefined,
    remotePort: values.remotePort ?? undefined,
    password: passwords.connection,
    privateKeyFile: (options.privateKey as string | undefined) ?? values.privateKeyFile ?? undefined,
    hostKeyChecking: values.hostKeyChecking,
    timeout: (options.timeout as number | undefined) ?? values.timeout,
    retries: values.retries,
    sshArgs: values.sshArgs,
    sshCommonArgs: (options.sshCommonArgs as string | undefined) ?? values.sshCommonArgs,
    sshExtraArgs: (options.sshExtraArgs as string | undefined) ?? values.sshExtraArgs,
    sshExecutable: values.sshExecutable,
    executable: values.executable,
    remoteTmp: values.remoteTmp,
    become: options.become || values.become,
    becomeUser: (options.becomeUser as string | undefined) ?? values.becomeUser ?? undefined,
    becomeMethod: (options.becomeMethod as string | undefined) ?? values.becomeMethod,
    becomeFlags: values.becomeFlags ?? undefined,
    becomeExe: values.becomeExe ?? undefined,
    becomePassword: passwords.become,
  };
}
