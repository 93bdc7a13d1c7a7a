// The report for people: Ansible's default callback, line for line, since scripts, tests and habits read it.

import type { Event, HostResult, TaskIdentity } from '../model/event.ts';
import { jsonText } from '../model/json-text.ts';
import type { JsonObject } from '../model/value.ts';
import { banner } from './banner.ts';
import { CustomStats } from './custom-stats.ts';
import { showDiffs } from './difference.ts';
import type { Listener, ReadLines, Screen } from './listener.ts';
import type { Look } from './look.ts';
import { Notices, paintLines } from './notices.ts';
import { pythonText } from './python-text.ts';
import { recap } from './recap.ts';
import { loopText, resultText, showsResult } from './result-text.ts';
import { Tally } from './tally.ts';

type Colour = keyof Look['palette'];

export class HumanReport implements Listener {
  readonly #screen: Screen;
  readonly #look: Look;
  readonly #notices: Notices;
  readonly #tally = new Tally();
  readonly #stats = new CustomStats();
  #checkMode = false;
  /** The task whose banner stands above; a result of another one brings its banner along. */
  #current: string | undefined;

  /** `notices` may have said something already: what was said is not said again. */
  constructor(screen: Screen, look: Look, read: ReadLines, notices = new Notices(screen, look, read)) {
    this.#screen = screen;
    this.#look = look;
    this.#notices = notices;
  }

  hear(event: Event): void {
    this.#tally.hear(event);
    switch (event.kind) {
      case 'run-started':
        this.#checkMode = event.checkMode;
        if (event.checkMode && this.#look.checkModeMarkers) this.#banner('DRY RUN');
        return;
      case 'playbook-started':
        if (this.#look.verbosity > 1) {
          const name = event.file.split('/').at(-1)!;
          this.#banner(`PLAYBOOK: ${name}`);
          this.#line(`${event.plays} plays in ${event.file}`, 'verbose');
        }
        return;
      case 'play-started':
        this.#current = undefined;
        this.#banner(this.#marked(event.name === '' ? 'PLAY' : `PLAY [${event.name}]`, event.checkMode));
        return;
      case 'no-hosts-matched':
        this.#line('skipping: no hosts matched', 'skip');
        return;
      case 'no-hosts-left':
        this.#banner('NO MORE HOSTS LEFT');
        return;
      case 'task-started':
        if (event.task.free) return;
        this.#current = undefined;
        if (this.#look.displaySkippedHosts && this.#look.displayOkHosts) this.#announce(event.task);
        return;
      case 'host-started':
        if (this.#look.showPerHostStart)
          this.#line(
            ` [started ${event.task.handler ? 'HANDLER' : 'TASK'}: ${event.task.name} on ${event.host}]`,
            'highlight',
          );
        return;
      case 'item-finished':
        this.#item(event.item, event.label);
        return;
      case 'host-finished':
        this.#host(event.outcome, event.loop);
        return;
      case 'retrying':
        this.#retrying(event);
        return;
      case 'included': {
        const item = event.label === undefined ? '' : ` => (item=${event.label})`;
        this.#announce(event.task);
        this.#line(`included: ${event.file} for ${event.hosts.join(', ')}${item}`, 'skip');
        return;
      }
      case 'async-polled':
        this.#polled(event);
        return;
      case 'warned':
        this.#notices.warn(event.message, event.position);
        return;
      case 'deprecated':
        this.#notices.deprecate(event.message, event.position);
        return;
      case 'stats-set':
        this.#stats.add(event.host, event.data);
        return;
      case 'noted':
        if (this.#look.verbosity >= event.level)
          this.#line(event.host === undefined ? event.message : `<${event.host}> ${event.message}`, 'verbose');
        return;
      case 'run-finished':
        this.#finish();
        return;
      case 'output':
      case 'rescued':
        return;
    }
  }

  #finish(): void {
    this.#banner('PLAY RECAP');
    this.#screen.out(recap(this.#tally, this.#look.palette, this.#screen));
    if (this.#look.showCustomStats && this.#stats.any) {
      this.#banner('CUSTOM STATS:');
      for (const [host, data] of this.#stats.perHost()) this.#screen.out(`\t${host}: ${statsText(data)}\n`);
      const all = this.#stats.global();
      if (all !== undefined) this.#screen.out(`\n\tRUN: ${statsText(all)}\n`);
      this.#screen.out('\n');
    }
    if (this.#checkMode && this.#look.checkModeMarkers) this.#banner('DRY RUN');
  }

  #announce(task: TaskIdentity): void {
    if (this.#current === task.address) return;
    this.#current = task.address;
    const shown = this.#look.displayArgsToStdout && !task.noLog ? withArgs(task) : task.name;
    const word = task.handler ? 'RUNNING HANDLER' : 'TASK';
    this.#banner(this.#marked(`${word} [${shown}]`, task.checkMode));
    if (this.#look.verbosity > 1) this.#taskPath(task);
  }

  #taskPath(task: TaskIdentity): void {
    this.#line(`task path: ${task.position.file}:${task.position.line}`, 'debug');
  }

  #marked(title: string, checkMode: boolean): string {
    return checkMode && this.#look.checkModeMarkers ? `${title} [CHECK MODE]` : title;
  }

  #item(outcome: HostResult, label: string): void {
    const { result, registered } = outcome;
    const item = `(item=${registered['censored'] === undefined ? label : '(censored due to no_log)'})`;
    this.#warnings(outcome);
    const more = (): string => (showsResult(this.#look, outcome) ? ` => ${resultText(this.#look, outcome)}` : '');
    switch (result.status) {
      case 'ok':
        if (this.#look.displayOkHosts) this.#say(outcome, `ok: ${hostLabel(outcome)} => ${item}${more()}`, 'ok');
        return;
      case 'changed':
        this.#say(outcome, `changed: ${hostLabel(outcome)} => ${item}${more()}`, 'changed');
        return;
      case 'skipped':
        if (this.#look.displaySkippedHosts)
          this.#say(outcome, `skipping: [${outcome.host}] => ${item} ${more()}`, 'skip');
        return;
      case 'failed':
      case 'unreachable':
        this.#fail(outcome, `failed: ${hostLabel(outcome)} ${item} => ${resultText(this.#look, outcome)}`, 'error');
    }
  }

  #host(outcome: HostResult, loop: boolean): void {
    const { result, registered } = outcome;
    // The items of a loop had lines of their own.
    const items = registered['results'];
    const silent = loop && (registered['censored'] !== undefined || (Array.isArray(items) && items.length > 0));
    if (!silent) this.#warnings(outcome);
    const more = (): string =>
      showsResult(this.#look, outcome)
        ? ` => ${silent ? loopText(this.#look, outcome) : resultText(this.#look, outcome)}`
        : '';
    switch (result.status) {
      case 'ok':
        if (!silent && this.#look.displayOkHosts) this.#say(outcome, `ok: ${hostLabel(outcome)}${more()}`, 'ok');
        return;
      case 'changed':
        if (!silent) this.#say(outcome, `changed: ${hostLabel(outcome)}${more()}`, 'changed');
        return;
      case 'skipped':
        if (this.#look.displaySkippedHosts) this.#say(outcome, `skipping: [${outcome.host}]${more()}`, 'skip');
        return;
      case 'failed':
        if (!silent)
          this.#fail(outcome, `fatal: ${hostLabel(outcome)}: FAILED! => ${resultText(this.#look, outcome)}`, 'error');
        else if (outcome.task.bare && registered['censored'] === undefined)
          this.#fail(
            outcome,
            `fatal: ${hostLabel(outcome)}: FAILED! => ${loopText(this.#look, outcome)}`,
            'error',
            false,
          );
        break;
      case 'unreachable':
        this.#fail(
          outcome,
          `fatal: ${hostLabel(outcome)}: UNREACHABLE! => ${resultText(this.#look, outcome)}`,
          'unreachable',
          !silent,
        );
    }
    if (result.ignored) this.#line('...ignoring', 'skip');
  }

  /** A line of a result, with the banner of its task when that is not above, and its differences before it. */
  #say(outcome: HostResult, line: string, colour: Colour): void {
    this.#announce(outcome.task);
    const { result, registered } = outcome;
    if (
      outcome.task.diff &&
      result.status === 'changed' &&
      registered['censored'] === undefined &&
      result.diffs !== undefined
    )
      this.#screen.out(
        showDiffs([result.diffs].flat(), this.#look.diffContext, this.#look.palette, this.#screen.colourOut),
      );
    this.#line(line, colour);
  }

  #fail(outcome: HostResult, line: string, colour: Colour, explained = true): void {
    const { result, registered, task } = outcome;
    const toErr = this.#look.displayFailedStderr;
    this.#announce(task);
    if (explained && (result.status === 'failed' || result.status === 'unreachable')) {
      const hidden = registered['censored'] === undefined ? result.failure : { message: 'hidden, since no_log is set' };
      this.#write(this.#notices.explain(hidden, task.position), 'error', toErr);
    }
    if (this.#look.showTaskPathOnFailure && line.startsWith('fatal') && result.status === 'failed')
      this.#taskPath(task);
    this.#write(`${line}\n`, colour, toErr);
  }

  #warnings(outcome: HostResult): void {
    if (outcome.registered['censored'] !== undefined || !this.#look.actionWarnings) return;
    for (const warning of outcome.result.warnings ?? []) this.#notices.warn(warning);
  }

  #retrying(event: Extract<Event, { kind: 'retrying' }>): void {
    const line = `FAILED - RETRYING: [${event.host}]: ${event.task.name} (${event.retriesLeft} retries left).`;
    const more =
      this.#look.verbosity > 2
        ? `Result was: ${resultText(this.#look, { task: event.task, registered: event.result, result: { status: 'ok', data: {}, certainty: 'certain' } })}`
        : '';
    this.#line(`${line}${more}`, 'debug');
  }

  #polled(event: Extract<Event, { kind: 'async-polled' }>): void {
    const job = `jid=${event.job}`;
    if (event.phase === 'finished') this.#line(`ASYNC OK on ${event.host}: ${job}`, 'debug');
    else if (event.phase === 'failed') this.#line(`ASYNC FAILED on ${event.host}: ${job}`, 'debug');
    else this.#line(`ASYNC POLL on ${event.host}: ${job} started=${event.started ? 1 : 0} finished=0`, 'debug');
  }

  #banner(title: string): void {
    this.#screen.out(banner(title, this.#screen.width));
  }

  #line(text: string, colour: Colour): void {
    this.#write(`${text}\n`, colour, false);
  }

  #write(text: string, colour: Colour, toErr: boolean): void {
    if (text === '') return;
    const painted = paintLines(
      text,
      this.#look.palette[colour],
      toErr ? this.#screen.colourErr : this.#screen.colourOut,
    );
    if (toErr) this.#screen.err(painted);
    else this.#screen.out(painted);
  }
}

/** `[host]`, or `[host -> delegate(address)]`. */
function hostLabel(outcome: HostResult): string {
  const { host, delegate } = outcome;
  if (delegate === undefined || delegate.name === host) return `[${host}]`;
  const address =
    delegate.address === undefined || outcome.result.status === 'unreachable' ? '' : `(${delegate.address})`;
  return `[${host} -> ${delegate.name}${address}]`;
}

function withArgs(task: TaskIdentity): string {
  const args = Object.entries(task.args ?? {}).map(([key, value]) => `${key}=${pythonText(value)}`);
  return args.length === 0 ? task.name : `${task.name} ${args.join(', ')}`;
}

/** A custom statistic in Ansible's form: indented by one, then squeezed into a line. */
function statsText(data: JsonObject): string {
  return jsonText(data, { indent: 1, sortKeys: true }).replaceAll('\n', '');
}
