// Values as YAML nodes, the step of PyYAML's representer: which tag, which style, and what is written once and referred to.

import { Bytes, DateTime, Float, isDict, PySet, Template, Tuple, type Value } from '../../../model/value.ts';
import { Fault } from '../../fault.ts';
import { Undefined } from '../../undefined.ts';
import { compare } from '../compare.ts';
import { floatText } from '../numbers.ts';
import { typeName } from '../types.ts';
import type { DumpOptions } from './emit.ts';

interface Labelled {
  /** Written before the node where other places refer to it. */
  anchor?: string;
  /** A tag that has to be written. */
  readonly tag?: string;
}

export type Node = Labelled &
  (
    | { readonly kind: 'scalar'; readonly type: ScalarType; readonly text: string; readonly style: string | undefined }
    | { readonly kind: 'sequence'; readonly items: Node[]; flow: boolean }
    | { readonly kind: 'mapping'; readonly items: [Node, Node][]; flow: boolean }
  );
export type ScalarType = 'str' | 'null' | 'bool' | 'int' | 'float' | 'timestamp' | 'binary';

/** The tree of nodes of a value. Throws a Fault for a value that YAML has no form for. */
export function represent(value: Value, options: DumpOptions): Node {
  const representer = new Representer(options);
  const root = representer.node(value);
  representer.label(root);
  return root;
}

class Representer {
  private readonly options: DumpOptions;
  private readonly known = new Map<Value, Node>();
  private readonly met = new Set<Node>();
  private anchors = 0;

  constructor(options: DumpOptions) {
    this.options = options;
  }

  node(value: Value): Node {
    if (value === null) return this.scalar('null', 'null');
    if (typeof value === 'string') return this.text(value);
    if (value instanceof Template) return this.scalar('str', value.text);
    if (typeof value === 'boolean') return this.scalar('bool', String(value));
    if (typeof value === 'bigint') return this.scalar('int', String(value));
    if (typeof value === 'number')
      return Number.isInteger(value) ? this.scalar('int', String(value)) : this.float(value);
    if (value instanceof Float) return this.float(value.value);
    if (value instanceof Undefined) return value.trip();
    if (value instanceof DateTime && typeName(value) !== 'timedelta') return this.scalar('timestamp', value.toString());
    if (value instanceof Bytes)
      return { ...this.scalar('binary', binaryText(value.data)), tag: '!!binary', style: '|' } as Node;
    const seen = this.known.get(value);
    if (seen !== undefined) return seen;
    if (isDict(value)) return this.mapping(value);
    if (Array.isArray(value)) return this.sequence(value, value);
    if (value instanceof Tuple) return this.sequence(value, value.items);
    if (value instanceof PySet)
      return { ...this.mapping(new Map(value.items.map((item) => [item, null]))), tag: '!!set' };
    throw new Fault('TypeError', `cannot represent an object of type ${typeName(value)} in YAML`);
  }

  /** Gives names to the nodes that are met more than once. */
  label(node: Node): void {
    if (this.met.has(node)) {
      if (node.kind !== 'scalar' && node.anchor === undefined)
        node.anchor = `id${String(++this.anchors).padStart(3, '0')}`;
      return;
    }
    this.met.add(node);
    if (node.kind === 'sequence') for (const item of node.items) this.label(item);
    if (node.kind === 'mapping')
      for (const [key, item] of node.items) {
        this.label(key);
        this.label(item);
      }
  }

  private text(value: string): Node {
    const node = this.scalar('str', value);
    return this.options.literalLines && value.includes('\n') ? ({ ...node, style: '|' } as Node) : node;
  }

  private scalar(type: ScalarType, text: string): Node & { kind: 'scalar' } {
    return { kind: 'scalar', type, text, style: this.options.style };
  }

  private float(value: number): Node {
    if (Number.isNaN(value)) return this.scalar('float', '.nan');
    if (!Number.isFinite(value)) return this.scalar('float', value > 0 ? '.inf' : '-.inf');
    const text = floatText(value);
    return this.scalar('float', text.includes('.') || !text.includes('e') ? text : text.replace('e', '.0e'));
  }

  private sequence(owner: Value, items: readonly Value[]): Node {
    const node: Node & { kind: 'sequence' } = { kind: 'sequence', items: [], flow: false };
    this.known.set(owner, node);
    for (const item of items) node.items.push(this.node(item));
    node.flow = this.options.flow ?? node.items.every(isPlain);
    return node;
  }

  private mapping(dict: ReadonlyMap<Value, Value>): Node {
    const node: Node & { kind: 'mapping' } = { kind: 'mapping', items: [], flow: false };
    this.known.set(dict as Value, node);
    for (const [key, item] of this.entries(dict)) node.items.push([this.node(key), this.node(item)]);
    node.flow = this.options.flow ?? node.items.every(([key, item]) => isPlain(key) && isPlain(item));
    return node;
  }

  private entries(dict: ReadonlyMap<Value, Value>): [Value, Value][] {
    const entries = [...dict];
    if (this.options.sortKeys === false) return entries;
    try {
      return [...entries].sort(([a], [b]) => compare(a, b));
    } catch (error) {
      if (error instanceof Fault && error.kind === 'TypeError') return entries;
      throw error;
    }
  }
}

function isPlain(node: Node): boolean {
  return node.kind === 'scalar' && !node.style;
}

function binaryText(data: Uint8Array): string {
  return `${Buffer.from(data)
    .toString('base64')
    .replace(/.{76}(?=.)/g, '$&\n')}\n`;
}
