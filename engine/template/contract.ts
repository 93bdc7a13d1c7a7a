// What the rest of the engine asks of the template layer. It knows neither hosts nor where variables come from: it is
// handed a scope, and a context for what lookups need.

import type { Position } from '../model/position.ts';
import type { Json, Scope, Template, Value } from '../model/value.ts';

export interface TemplateSettings {
  /** `modern` (2.19) or `classic` (jinja2_native = False). */
  readonly typing: 'modern' | 'classic';
  readonly trimBlocks: boolean;
  /** Strictness of conditions: false refuses what is no bool, and templates inside conditions. */
  readonly allowBrokenConditionals: boolean;
  readonly allowEmbeddedTemplates: boolean;
  readonly errorOnUndefined: boolean;
  /** jinja2_extensions: `do` and loop controls. */
  readonly extensions: readonly string[];
}

/** What a rendering works in: variables, and what lookups may use. */
export interface Context {
  readonly scope: Scope;
  /** Folders in which file lookups, includes and templates are searched, nearest first (role, then playbook). */
  readonly searchPath: readonly string[];
  /** The current folder of relative names (the playbook's). */
  readonly basedir: string;
  /** The action of the task whose loop is being made: where files are searched may hang on it. */
  readonly action?: string | undefined;
  /** What lookups that need the engine use (hostvars-like ones read variables through the scope). */
  readonly services: LookupServices;
  /** Receives warnings and deprecations; each text once a run is the receiver's affair. */
  warn(message: string, position?: Position): void;
}

export interface LookupServices {
  /** Names of inventory hosts for a pattern (inventory_hostnames). */
  matchHosts(pattern: string): readonly string[];
  /** A setting by its name (config lookup); undefined when there is none of that name. */
  setting(name: string): Configured | undefined;
  /** What ansible.cfg has in a section under a key: options of plugins are read from there. */
  stored(section: string, key: string): Configured | undefined;
  /** Fetches a page from the controller, and waits for it. */
  fetch(wanted: PageRequest): PageAnswer;
  /** Does the name, short or full, lead to a module that can be run? */
  knowsModule(name: string): boolean;
  /** Decrypts vaulted text that stands at a place. Throws TemplateError where there is no secret. */
  unvault(text: string, position: Position): string;
  /** Decrypts the value of a `!vault` scalar, which is a declared secret. Throws TemplateError likewise. */
  reveal(text: string, position: Position): string;
}

/** A page that the lookup `url` asks for. */
export interface PageRequest {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Seconds for each step of the way. */
  readonly timeout: number;
  readonly followRedirects: 'all' | 'safe' | 'none' | 'urllib2';
  readonly unredirectedHeaders: readonly string[];
  readonly validateCerts: boolean;
  readonly forceBasicAuth: boolean;
  /** Does the environment choose a proxy? */
  readonly usesProxy: boolean;
  readonly user?: string;
  readonly password?: string;
  readonly unixSocket?: string;
  /** In OpenSSL's notation. */
  readonly ciphers?: string;
  /** Certificates of authorities, PEM. */
  readonly caText?: string;
}

export interface PageAnswer {
  /** -1 where there was no answer, for the reason. */
  readonly status: number;
  readonly reason: string;
  /** Base64. */
  readonly body: string;
}

/** A value of the configuration, and where it came from: `default`, `env: NAME` or the file. */
export interface Configured {
  readonly value: Json;
  readonly origin: string;
}

export interface Judgement {
  readonly holds: boolean;
  /** The condition as written. */
  readonly text: string;
}

/** What an expression was found to be. */
export interface Shown {
  /** The expression's text. */
  readonly text: string;
  readonly value: Value;
  /** Why each of its parts that are undefined is so, in the order of their placeholders. */
  readonly missing: readonly string[];
}

/** Renders values. All calls are synchronous; all throw TemplateError and nothing else. */
export interface Templar {
  readonly typing: TemplateSettings['typing'];
  /**
   * The value with every template in it rendered, deeply; a dict's keys are not rendered. An argument that renders to
   * `OMIT` stays `OMIT` at the top and is removed from dicts and lists.
   */
  render(value: Value, context: Context): Value;
  /** A template file's text, as the template module and lookup render it. */
  renderFile(text: string, options: FileOptions, context: Context): string;
  /** An expression without braces (`debug: var`, `with_*` bare names). */
  evaluate(expression: string, context: Context, position?: Position): Value;
  /** An expression for the eye (`debug: var`): a template gives its text. Undefined where there is none to evaluate. */
  show(expression: Value, context: Context, position?: Position): Shown | undefined;
  /** A heading (a task's name): what it holds that cannot be rendered is told in its place. */
  title(value: Value, context: Context): string;
  /** A condition: text of an expression, a bool, or a template (with a warning). Lists are judged by the caller, one by one. */
  judge(condition: Value, context: Context, position?: Position): Judgement;
  /** `with_<name>`: the items that the lookup makes of the terms. */
  lookup(name: string, terms: Value, context: Context, position?: Position): Value[];
  /** Does the text mention a name that `unknown` says is not certain? Used by the forecast. Names of variables read by a template or expression, without evaluating it. */
  references(value: Value | Template, asExpression?: boolean): ReadonlySet<string>;
  /** What was written of all that the value's templates read; the value itself, where it is no template. Nothing is rendered. */
  sources(value: Value, scope: Scope): ReadonlySet<Value>;
  /** The value with its text `Unsafe` that does not stand in the sources: it may go where written text is. */
  marked(value: Value, sources: Iterable<Value>, scope: Scope): Value;
  /** Python's str() of a value, as templates print it. */
  text(value: Value): string;
}

export interface FileOptions {
  /** The file, for messages and relative includes. */
  readonly file: string;
  readonly newlineSequence?: string;
  readonly trimBlocks?: boolean;
  readonly lstripBlocks?: boolean;
  readonly blockStart?: string;
  readonly blockEnd?: string;
  readonly variableStart?: string;
  readonly variableEnd?: string;
  readonly commentStart?: string;
  readonly commentEnd?: string;
  /** Variables laid over the context's (ansible_managed, template_path ...). */
  readonly vars?: ReadonlyMap<Value, Value>;
}
