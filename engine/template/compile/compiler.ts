// Compiles templates and expressions once each, and keeps what it compiled by the text.

import { looksLikeTemplate, type Value } from '../../model/value.ts';
import type { Context, FileOptions, TemplateSettings } from '../contract.ts';
import type { CompiledBlock, Evaluate, Unit } from '../evaluate/instance.ts';
import { shortName } from '../evaluate/names.ts';
import type { Run } from '../evaluate/run.ts';
import type { Source } from '../evaluate/site.ts';
import { Fault } from '../fault.ts';
import type { Libraries } from '../library.ts';
import { type Dialect, dialectKey, INLINE } from '../syntax/dialect.ts';
import { SyntaxFault } from '../syntax/fault.ts';
import { readHeader } from '../syntax/header.ts';
import { type Extensions, parseExpression, parseTemplate } from '../syntax/statements.ts';
import type { Body } from '../syntax/tree.ts';
import { expression } from './expressions.ts';
import { renderFile, textOf } from './file.ts';
import type { Making } from './making.ts';
import { body } from './statements.ts';

/** Templates that a file includes: they have the dialect of files, whatever the file's own is. */
const IN_FILES: Dialect = { ...INLINE, escapesInPrints: true };
const MOST_KEPT = 20_000;
const LONE_NAME = /^\{\{\s*\w+\s*\}\}\n?$/;
const TEXT_FILTERS: ReadonlySet<string> = new Set([
  'string',
  'to_json',
  'to_nice_json',
  'to_yaml',
  'to_nice_yaml',
  'ppretty',
  'json',
]);

export class Compiler {
  readonly settings: TemplateSettings;
  readonly libraries: Libraries;
  /** How templates of playbooks are cut. */
  readonly dialect: Dialect;
  readonly #extensions: Extensions;
  readonly #units = new Map<string, Unit>();
  readonly #expressions = new Map<string, Evaluate>();

  constructor(settings: TemplateSettings, libraries: Libraries) {
    this.settings = settings;
    this.libraries = libraries;
    const escapesQuotes = settings.typing === 'modern';
    const { trimBlocks } = settings;
    this.dialect = trimBlocks && escapesQuotes ? INLINE : { ...INLINE, trimBlocks, escapesQuotes };
    this.#extensions = extensionsOf(settings.extensions);
  }

  /** A template of a playbook or variable. Throws a Fault with the place within the text. */
  template(text: string): Unit {
    return this.#kept(this.#units, text, () => {
      // Of old, a header alone did not make a text a template.
      const headed = this.settings.typing === 'modern' || /\{[{%#]/.test(text);
      return this.#compile(text, this.dialect, undefined, headed);
    });
  }

  /** A template file in the dialect that it is asked for, which its first line may change. */
  file(text: string, file: string, dialect: Dialect): Unit {
    const key = `${file}\u0000${dialectKey(dialect)}\u0000${text}`;
    return this.#kept(this.#units, key, () => this.#compile(text, dialect, file, true));
  }

  /** A template file that another template uses. */
  included(text: string, file: string): Unit {
    return this.#kept(this.#units, `${file}\u0000\u0000${text}`, () => this.#compile(text, IN_FILES, file, false));
  }

  /** A lone expression; `embedded` where constants with template marks are rendered (conditions). */
  expression(text: string, embedded: boolean): Evaluate {
    return this.#kept(this.#expressions, `${embedded ? 1 : 0}${text}`, () => {
      const source: Source = { text, file: undefined, skipped: 0 };
      return faulting(source, 'expression', () =>
        expression(parseExpression(text, this.dialect), this.#making(source, embedded)),
      );
    });
  }

  renderFile(text: string, options: FileOptions, context: Context, outer: Run): string {
    return renderFile(this, text, options, context, textOf, outer);
  }

  /** The value of a template file that a template asks for: modern typing keeps what a lone expression is. */
  fileValue(text: string, options: FileOptions, context: Context, outer: Run): Value {
    // A text without a template in it is what it is; one whose template prints nothing is None.
    const renders = looksLikeTemplate(text) || text.startsWith('#jinja2:') || options.variableStart !== undefined;
    const read = outer.types.name === 'modern' && renders ? (value: Value) => value : textOf;
    return renderFile(this, text, options, context, read, outer);
  }

  /** The tree of a template, for those that only look at it. */
  tree(text: string): Body {
    return parseTemplate(text, this.dialect, this.#extensions);
  }

  #compile(whole: string, given: Dialect, file: string | undefined, headed: boolean): Unit {
    const {
      dialect,
      rest: text,
      skipped,
    } = headed
      ? faulting({ text: whole, file, skipped: 0 }, 'template', () => readHeader(whole, given))
      : { dialect: given, rest: whole, skipped: 0 };
    const source: Source = { text, file, skipped };
    // Where lines that the result has lost are made up for, 2.19 no longer looks at the header.
    const { newlineSequence: sequence } = this.settings.typing === 'modern' ? given : dialect;
    return faulting(source, 'template', () => {
      const tree = parseTemplate(text, dialect, this.#extensions);
      const making = this.#making(source, false);
      const run = body(tree, making);
      const [first] = tree.children;
      const parts = first?.typename === 'Output' ? first.children : [];
      const [only] = parts;
      const usesSelf = /\bself\b/.test(text);
      const single =
        tree.children.length === 1 && parts.length === 1 && only !== undefined && only.typename !== 'TemplateData';
      return {
        source,
        body: run,
        lone: single && !usesSelf ? expression(only, making) : undefined,
        loneName: single && !usesSelf && only.typename === 'Symbol' && LONE_NAME.test(text) ? only.value : undefined,
        keepsText: single && only.typename === 'Filter' && TEXT_FILTERS.has(shortName(only.name)),
        usesSelf,
        blocks: making.blocks,
        ending: {
          newlines: /\n*$/.exec(text.replaceAll('\r\n', '\n'))![0].length,
          sequence,
        },
      };
    });
  }

  #making(source: Source, embedded: boolean): Making {
    const blocks = new Map<string, CompiledBlock>();
    const lenient = this.settings.typing === 'modern';
    const constants = embedded ? 'rendered' : lenient ? 'text' : 'trusted';
    return { source, libraries: this.libraries, constants, blocks, lenient, soft: 0, nested: 0 };
  }

  #kept<T>(kept: Map<string, T>, key: string, make: () => T): T {
    const known = kept.get(key);
    if (known !== undefined) return known;
    const made = make();
    if (kept.size >= MOST_KEPT) kept.clear();
    kept.set(key, made);
    return made;
  }
}

/** A syntax error with its place, as a Fault. */
export class UnreadableFault extends Fault {
  readonly what: 'template' | 'expression';
  constructor(error: SyntaxFault, what: 'template' | 'expression', source: Source) {
    super('SyntaxError', error.message, { cause: error, ...(error.hint === undefined ? {} : { hint: error.hint }) });
    this.what = what;
    this.origin = { site: { source, line: error.line, column: error.column }, trail: undefined };
  }
}

function faulting<T>(source: Source, what: 'template' | 'expression', compile: () => T): T {
  try {
    return compile();
  } catch (error) {
    if (error instanceof SyntaxFault) throw new UnreadableFault(error, what, source);
    throw error;
  }
}

function extensionsOf(names: readonly string[]): Extensions {
  const has = (name: string): boolean => names.some((given) => given === name || given === `jinja2.ext.${name}`);
  return { do: has('do'), loopControls: has('loopcontrols') };
}
