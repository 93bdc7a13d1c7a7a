// `yaml.dump` as the reference calls it: values become nodes, nodes become text laid out as libyaml does.

import type { Value } from '../../../model/value.ts';
import { type Analysis, analyze } from './analysis.ts';
import { type Node, represent } from './represent.ts';
import { resolvePlain } from './resolve.ts';
import { type Style, Writer } from './writer.ts';

/** PyYAML's options of `dump`. */
export interface DumpOptions {
  readonly indent?: number | undefined;
  readonly width?: number | undefined;
  readonly sortKeys?: boolean | undefined;
  /** true: everything in braces; false: nothing; undefined: innermost collections only. */
  readonly flow?: boolean | undefined;
  readonly style?: string | undefined;
  /** Text with line breaks as literal blocks, where it can be one. */
  readonly literalLines?: boolean | undefined;
  readonly explicitStart?: boolean | undefined;
  readonly explicitEnd?: boolean | undefined;
  readonly canonical?: boolean | undefined;
  readonly lineBreak?: string | undefined;
  readonly version?: readonly [number, number] | undefined;
}

const STYLES: Readonly<Record<string, Style>> = { "'": 'single', '"': 'double', '|': 'literal', '>': 'folded' };
/** A longer key is written with `? `. */
const LONGEST_SIMPLE_KEY = 128;

/** The value as a YAML document. Throws a Fault for values that YAML has no form for. */
export function dump(value: Value, options: DumpOptions = {}): string {
  return new Emitter(options).emit(represent(value, options));
}

interface Surroundings {
  readonly inMapping?: boolean;
  readonly simpleKey?: boolean;
}

class Emitter {
  private readonly options: DumpOptions;
  private readonly writer: Writer;
  private readonly step: number;
  private readonly canonical: boolean;
  private indent = -1;
  private flowLevel = 0;
  private readonly written = new Set<Node>();

  constructor(options: DumpOptions) {
    const step = options.indent ?? 2;
    this.options = options;
    this.step = step > 1 && step < 10 ? step : 2;
    const width = options.width ?? 80;
    const wide = width < 0 ? Number.POSITIVE_INFINITY : width > this.step * 2 ? width : 80;
    this.writer = new Writer(wide, this.step, options.lineBreak ?? '\n');
    this.canonical = options.canonical ?? false;
  }

  emit(root: Node): string {
    const { version } = this.options;
    if (version !== undefined) {
      this.writer.indicator('%YAML', true);
      this.writer.indicator(`${version[0]}.${version[1]}`, true);
      this.writer.indent(-1);
    }
    if (version !== undefined || this.options.explicitStart || this.canonical) {
      this.writer.indicator('---', true);
      if (this.canonical) this.writer.indent(-1);
    }
    this.node(root, {});
    this.writer.indent(-1);
    if (this.options.explicitEnd || this.writer.openEnded) {
      this.writer.indicator('...', true);
      this.writer.indent(-1);
    }
    return this.writer.text();
  }

  private node(node: Node, around: Surroundings): void {
    if (node.anchor !== undefined && this.written.has(node)) {
      this.writer.indicator(`*${node.anchor}`, true);
      if (around.simpleKey) this.writer.indicator(' ', false, true);
      return;
    }
    this.written.add(node);
    if (node.kind === 'scalar') {
      this.scalar(node, around);
      return;
    }
    if (node.anchor !== undefined) this.writer.indicator(`&${node.anchor}`, true);
    const tag = node.tag ?? (this.canonical ? (node.kind === 'mapping' ? '!!map' : '!!seq') : undefined);
    if (tag !== undefined) this.writer.indicator(tag, true);
    const inFlow = this.flowLevel > 0 || this.canonical || node.flow || node.items.length === 0;
    if (node.kind === 'sequence') {
      if (inFlow) this.flowSequence(node.items);
      else this.blockSequence(node.items, around.inMapping === true && !this.writer.indention);
    } else if (inFlow) this.flowMapping(node.items);
    else this.blockMapping(node.items);
  }

  private within(indentless: boolean, inFlow: boolean, write: () => void): void {
    const outer = this.indent;
    if (outer < 0) this.indent = inFlow ? this.step : 0;
    else if (!indentless) this.indent += this.step;
    write();
    this.indent = outer;
  }

  private blockSequence(items: readonly Node[], indentless: boolean): void {
    this.within(indentless, false, () => {
      for (const item of items) {
        this.writer.indent(this.indent);
        this.writer.indicator('-', true, false, true);
        this.node(item, {});
      }
    });
  }

  private blockMapping(items: readonly (readonly [Node, Node])[]): void {
    this.within(false, false, () => {
      for (const [key, value] of items) {
        this.writer.indent(this.indent);
        if (this.isSimpleKey(key)) {
          this.node(key, { inMapping: true, simpleKey: true });
          this.writer.indicator(':', false);
        } else {
          this.writer.indicator('?', true, false, true);
          this.node(key, { inMapping: true });
          this.writer.indent(this.indent);
          this.writer.indicator(':', true, false, true);
        }
        this.node(value, { inMapping: true });
      }
    });
  }

  private flowSequence(items: readonly Node[]): void {
    this.inBrackets('[', ']', items, (item) => this.node(item, {}));
  }

  private flowMapping(items: readonly (readonly [Node, Node])[]): void {
    this.inBrackets('{', '}', items, ([key, value]) => {
      if (!this.canonical && this.isSimpleKey(key)) {
        this.node(key, { inMapping: true, simpleKey: true });
        this.writer.indicator(':', false);
      } else {
        this.writer.indicator('?', true);
        this.node(key, { inMapping: true });
        if (this.canonical || this.writer.isWide) this.writer.indent(this.indent);
        this.writer.indicator(':', true);
      }
      this.node(value, { inMapping: true });
    });
  }

  private inBrackets<T>(open: string, close: string, items: readonly T[], write: (item: T) => void): void {
    this.writer.indicator(open, true, true);
    const outer = this.indent;
    this.within(false, true, () => {
      this.flowLevel += 1;
      for (const [i, item] of items.entries()) {
        if (i > 0) this.writer.indicator(',', false);
        if (this.canonical || this.writer.isWide) this.writer.indent(this.indent);
        write(item);
      }
      this.flowLevel -= 1;
    });
    if (this.canonical && items.length > 0) {
      this.writer.indicator(',', false);
      this.writer.indent(outer);
    }
    this.writer.indicator(close, false);
  }

  private scalar(node: Node & { kind: 'scalar' }, around: Surroundings): void {
    const chars = [...node.text];
    const analysis = analyze(chars);
    const inFlow = this.flowLevel > 0;
    const style = this.styleOf(node, analysis, inFlow, around.simpleKey === true);
    const tag = this.canonical
      ? `!!${node.type}`
      : style !== 'plain' && node.type !== 'str'
        ? (node.tag ?? '!')
        : node.tag;
    const outer = this.indent;
    this.indent = outer < 0 ? this.step : outer + this.step;
    if (node.anchor !== undefined) this.writer.indicator(`&${node.anchor}`, true);
    if (tag !== undefined) this.writer.indicator(tag, true);
    this.writer.scalar(chars, style, this.indent, around.simpleKey !== true, inFlow);
    this.indent = outer;
  }

  private styleOf(node: Node & { kind: 'scalar' }, analysis: Analysis, inFlow: boolean, simpleKey: boolean): Style {
    let style: Style = STYLES[node.style ?? ''] ?? 'plain';
    if (this.canonical || (simpleKey && analysis.multiline)) style = 'double';
    if (style === 'plain') {
      const allowed = inFlow ? analysis.flowPlain : analysis.blockPlain;
      const bare = node.text === '' && (inFlow || simpleKey);
      const changesMeaning = node.tag === undefined && resolvePlain(node.text) !== node.type;
      if (!allowed || bare || changesMeaning) style = 'single';
    }
    if (style === 'single' && !analysis.singleQuoted) style = 'double';
    if ((style === 'literal' || style === 'folded') && (!analysis.block || inFlow || simpleKey)) style = 'double';
    return style;
  }

  private isSimpleKey(node: Node): boolean {
    const label = (node.anchor?.length ?? 0) + (node.tag?.length ?? 0);
    if (node.anchor !== undefined && this.written.has(node)) return label <= LONGEST_SIMPLE_KEY;
    if (node.kind !== 'scalar') return node.items.length === 0;
    if (analyze([...node.text]).multiline) return false;
    return label + Buffer.byteLength(node.text) <= LONGEST_SIMPLE_KEY;
  }
}
