// `troupe playbook`, which is ansible-playbook: options read, playbooks loaded, then listed, checked or played.

import { setMaxListeners } from 'node:events';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { PlaybookRun } from '../execute/engine.ts';
import { isSelected, tagsOf } from '../execute/tags.ts';
import { PlaybookError, TemplateError, UsageError } from '../model/errors.ts';
import type { Position } from '../model/position.ts';
import type { Dict, Value } from '../model/value.ts';
import { isControl } from '../module/registry.ts';
import { splitFreeForm } from '../parse/freeform.ts';
import { parseYaml, type YamlHooks } from '../parse/yaml.ts';
import type { Listener, Screen } from '../report/listener.ts';
import { Redactor } from '../report/redact.ts';
import { parseExtraVars } from '../variables/extra.ts';
import { Vault } from '../variables/vault.ts';
import { playbookLine } from './about.ts';
import { parseArguments } from './arguments.ts';
import {
  type Desk,
  type Ground,
  liveLine,
  noticesOf,
  type Passwords,
  play,
  prepareGround,
  yamlHooks,
} from './compose.ts';
import { type ListedPlay, listPlaybook } from './list.ts';
import { located } from './located.ts';
import { stdoutCallback } from './look.ts';
import type { PlaybookOptions } from './options.ts';
import { fetchPage } from './page.ts';
import { ask } from './prompt.ts';
import { type LoadedSettings, loadSettings } from './settings.ts';
import { sourceLines } from './source-lines.ts';
import { vaultSecrets } from './vaultsecrets.ts';
import { versionText } from './version.ts';

export interface Invocation {
  readonly program: string;
  readonly argv: readonly string[];
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  readonly screen: Screen;
  readonly signal: AbortSignal;
  /** Somebody looks at a terminal: a live line is shown. */
  readonly interactive?: boolean;
  /** Further listeners of the run's events. */
  readonly listeners?: readonly Listener[];
}

/** Runs the command. Returns the exit code; throws TroupeError for what is told as one message. */
export async function playbookCommand(invocation: Invocation): Promise<number> {
  const line = playbookLine(invocation.program);
  // Every script that runs on any host listens to it.
  setMaxListeners(0, invocation.signal);
  const loaded = loadSettings(invocation.environment, invocation.cwd);
  const live = invocation.interactive ? await liveLine() : undefined;
  const coloured = colouredAsSet(invocation.screen, loaded);
  const screen = live?.wrap(coloured) ?? coloured;
  const parsed = parseArguments(line, invocation.argv);
  const options = parsed.options as unknown as PlaybookOptions;
  if (options.forks !== undefined && options.forks < 1)
    throw new UsageError('The number of processes (--forks) must be >= 1', { exitCode: 2 });
  const verbosity = options.verbose + loaded.values.verbosity;
  const read = sourceLines(new Map());
  const redactor = new Redactor();
  const notices = noticesOf({ screen, loaded, verbosity, read });
  for (const { message, position } of loaded.warnings) notices.warn(message, position);
  if (stdoutCallback(loaded.values.stdoutCallback) !== 'json') screen.out(heading(line.name, loaded, verbosity));
  const warn = (message: string, position?: Parameters<typeof notices.warn>[1]): void =>
    notices.warn(redactor.text(message), position);
  const vault = await vaultOf(loaded, options, invocation);
  const extraVars = extraVarsOf(
    (options.extraVars as readonly string[] | undefined) ?? [],
    invocation.cwd,
    yamlHooks(loaded, vault, warn),
  );
  const desk: Desk = {
    loaded,
    options,
    verbosity,
    passwords: await passwordsOf(loaded, options, invocation),
    vault,
    screen,
    read,
    redactor,
    signal: invocation.signal,
    notices,
    live,
    ...(invocation.listeners === undefined ? {} : { listeners: invocation.listeners }),
  };
  const ground = await prepareGround(desk, extraVars, warn);
  refuseEmptyLimit(ground);
  const playbooks: PlaybookRun[] = [];
  for (const file of parsed.operands)
    playbooks.push({ file: resolve(invocation.cwd, file), plays: await ground.loader.playbook(file) });
  if (options.listHosts || options.listTasks || options.listTags || options.syntaxCheck) {
    for (const [index, playbook] of playbooks.entries())
      screen.out(await listing(ground, parsed.operands[index]!, playbook));
    return 0;
  }
  return play(ground, playbooks);
}

/** The screen as ansible.cfg wants it: what the environment says is known already. */
function colouredAsSet(screen: Screen, { values }: LoadedSettings): Screen {
  const coloured = (on: boolean): boolean => values.forceColor || (on && !values.nocolor);
  return {
    out: (text) => screen.out(text),
    err: (text) => screen.err(text),
    width: screen.width,
    colourOut: coloured(screen.colourOut),
    colourErr: coloured(screen.colourErr),
  };
}

/** What -v and -vv say before anything else. */
function heading(program: string, loaded: LoadedSettings, verbosity: number): string {
  if (verbosity === 0) return '';
  const file =
    loaded.file === undefined ? 'No config file found; using defaults' : `Using ${loaded.file} as config file`;
  return `${verbosity > 1 ? versionText(program, loaded) : ''}${file}\n`;
}

/** -e: `k=v`, YAML, JSON or @file. */
function extraVarsOf(given: readonly string[], cwd: string, hooks: YamlHooks): Dict {
  const option = "<option '-e'>";
  return parseExtraVars(given, {
    parse: (text) => ofOption(text, () => parseYaml(text, option, hooks).value),
    read: (file) => parseYaml(readExtra(located(file, cwd)), file, hooks).value,
    split: (text) => ofOption(text, () => splitFreeForm(text, false, { file: option, line: 1, column: 1 }).args),
    warn: (message) => hooks.warn(message),
  });
}

/** Names the option in whatever is wrong with its text, which stands in no file. */
function ofOption<T>(text: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof PlaybookError)) throw error;
    throw new PlaybookError(`The extra variables ${text} cannot be read: ${error.message}`, {
      hint: 'Give -e key=value, a dictionary in JSON or YAML, or @FILE; quote it for the shell.',
      cause: error,
    });
  }
}

function readExtra(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new UsageError(`The file of extra variables ${file} cannot be read: ${(error as Error).message}`, {
      exitCode: 1,
      hint: 'Give -e @FILE a path from the current folder.',
    });
  }
}

/** A limit that names nobody is a mistake, not an empty run. */
function refuseEmptyLimit(ground: Ground): void {
  const limit = ground.desk.options.limit as string | undefined;
  if (limit === undefined || limit === '') return;
  if (ground.inventory.match('all', limit).length > 0 || ground.inventory.match('localhost', limit).length > 0) return;
  throw new UsageError('Specified inventory, host pattern and/or --limit leaves us with no hosts to target.', {
    exitCode: 1,
  });
}

async function listing(ground: Ground, file: string, playbook: PlaybookRun): Promise<string> {
  const { options, loaded } = ground.desk;
  if (options.syntaxCheck && !options.listHosts && !options.listTasks && !options.listTags)
    return `\nplaybook: ${file}\n`;
  const words = (given: unknown, usual: readonly string[]): string[] =>
    (given === undefined ? usual : [given].flat())
      .flatMap((word) => String(word).split(','))
      .filter((word) => word !== '');
  const run = words(options.tags, loaded.values.runTags);
  const skip = words(options.skipTags, loaded.values.skipTags);
  // Whoever asks which tags there are wants to see those that are never run, too.
  const usual = options.listTags && skip.length === 0 ? ['all', 'never'] : ['all'];
  const tags = { run: run.length > 0 ? run : usual, skip };
  const plays: ListedPlay[] = playbook.plays.map((each) => ({
    play: each,
    hosts: listedHosts(ground, each),
    tagsOf: (node) => tagsOf(node, each),
    isSelected: (of) => isSelected(of, tags),
    bringsRole: async ({ action }) => {
      const found = await ground.registry.find(action);
      return found !== undefined && isControl(found.module) && found.module.titledBy !== undefined;
    },
    render: (value) => renderHeading(ground, each, value),
  }));
  return listPlaybook(file, plays, {
    hosts: options.listHosts ?? false,
    tasks: options.listTasks ?? false,
    tags: options.listTags ?? false,
  });
}

function listedHosts(ground: Ground, each: PlaybookRun['plays'][number]): string[] {
  const value = renderHeading(ground, each, each.hosts.value);
  return [
    ...ground.inventory.match(
      Array.isArray(value) ? value.map(String) : String(value),
      ground.desk.options.limit as string | undefined,
    ),
  ];
}

const refuse = (_text: string, position: Position): never => {
  throw new PlaybookError('A heading cannot be made of vaulted text.', { position });
};

/** What stands in a play's heading knows extra vars and the play's own. Throws PlaybookError where that is not enough. */
function renderHeading(ground: Ground, each: PlaybookRun['plays'][number], value: Value): Value {
  try {
    return ground.templar.render(value, {
      scope: {
        get: (name) => ground.extraVars.get(name) ?? each.vars.get(name),
        names: () => [...ground.extraVars.keys(), ...each.vars.keys()].map(String),
      },
      searchPath: [],
      basedir: process.cwd(),
      services: {
        matchHosts: () => [],
        setting: () => undefined,
        stored: () => undefined,
        fetch: fetchPage,
        knowsModule: () => false,
        unvault: refuse,
        reveal: refuse,
      },
      warn: ground.warn,
    });
  } catch (error) {
    if (!(error instanceof TemplateError)) throw error;
    throw new PlaybookError(error.message, {
      position: error.position ?? each.position,
      hint: error.hint,
      cause: error,
    });
  }
}

/** The vault with all the secrets that options and settings name. */
async function vaultOf({ values }: LoadedSettings, options: PlaybookOptions, invocation: Invocation): Promise<Vault> {
  const setting = values.vaultPasswordFile;
  const secrets = await vaultSecrets(
    {
      ids: [...values.vaultIdentityList, ...((options.vaultId as readonly string[] | undefined) ?? [])],
      files: [...((options.vaultPasswordFile as readonly string[] | undefined) ?? []), ...(setting ? [setting] : [])],
      ask: options.askVaultPass || values.askVaultPass,
      label: values.vaultIdentity,
    },
    { cwd: invocation.cwd, prompt: (text) => promptSecretly(text, invocation) },
  );
  return new Vault(secrets, values.vaultIdMatch);
}

function promptSecretly(text: string, { signal }: Invocation): Promise<string | undefined> {
  return ask({ input: process.stdin, output: process.stderr }, text, { echo: false, signal });
}

async function passwordsOf(
  loaded: LoadedSettings,
  options: PlaybookOptions,
  invocation: Invocation,
): Promise<Passwords> {
  const prompt = (text: string): Promise<string | undefined> => promptSecretly(text, invocation);
  const fromFile = (file: string | undefined | null): string | undefined =>
    file ? passwordFile(resolve(invocation.cwd, file)) : undefined;
  const { values } = loaded;
  let connection = fromFile((options.connectionPasswordFile as string | undefined) ?? values.connectionPasswordFile);
  let become = fromFile((options.becomePasswordFile as string | undefined) ?? values.becomePasswordFile);
  if (options.askPass || values.askPass) connection = await prompt('SSH password: ');
  if (options.askBecomePass || values.becomeAskPass) {
    const answer = await prompt(
      connection === undefined ? 'BECOME password: ' : 'BECOME password[defaults to SSH password]: ',
    );
    become = answer === '' || answer === undefined ? connection : answer;
  }
  return { connection, become };
}

function passwordFile(file: string): string {
  try {
    return readFileSync(file, 'utf8').trim();
  } catch (error) {
    throw new UsageError(`Could not read the password file ${file}: ${(error as Error).message}`, { exitCode: 1 });
  }
}
