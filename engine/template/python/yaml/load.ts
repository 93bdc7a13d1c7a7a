// Reads YAML as PyYAML's safe loader does: YAML 1.1 scalars, merge keys, and the tags of the safe schema. The grammar is
// the `yaml` library's; what a scalar means is decided here.

import {
  isAlias,
  isMap,
  isScalar,
  isSeq,
  type Node,
  type Pair,
  parseAllDocuments,
  type Scalar,
  type YAMLMap,
} from 'yaml';
import { Bytes, type Dict, isDict, PySet, Tuple, type Value } from '../../../model/value.ts';
import { Fault } from '../../fault.ts';
import { dictHas, dictSet } from '../dicts.ts';
import { construct, resolvePlain, type ScalarTag } from './resolve.ts';

const PREFIX = 'tag:yaml.org,2002:';

/** `yaml.safe_load`: the one document of the text; null for empty text. Throws a ValueError fault. */
export function loadYaml(text: string): Value {
  const documents = loadAllYaml(text);
  if (documents.length > 1)
    throw new Fault('ValueError', 'expected a single document in the stream, but found another document');
  return documents[0] ?? null;
}

/** Characters that YAML 1.1 does not allow. */
const UNACCEPTABLE = /[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/u;
/** Ends of lines of which the parser does not know. */
const LINE_END = /\r(?!\n)|\x85/g;

/** `yaml.safe_load_all`. */
export function loadAllYaml(source: string): Value[] {
  const refused = UNACCEPTABLE.exec(source);
  if (refused !== null) {
    const code = refused[0].codePointAt(0)!.toString(16).padStart(4, '0');
    throw new Fault('ValueError', `unacceptable character #x${code}: control characters are not allowed`);
  }
  const text = source.replace(LINE_END, '\n');
  const documents = parseAllDocuments(text, {
    schema: 'failsafe',
    version: '1.1',
    uniqueKeys: false,
    merge: false,
    logLevel: 'silent',
    stringKeys: false,
  });
  if (!Array.isArray(documents)) return [];
  return documents.map((document) => {
    const fault = document.errors[0];
    if (fault !== undefined) {
      // The parser's own stack is not the author's affair.
      const deep = fault.message.startsWith('Maximum call stack');
      throw new Fault('ValueError', deep ? 'the document is nested too deeply' : fault.message, { cause: fault });
    }
    if (document.contents === null) return null;
    return new Constructor(text, (node) => (isAlias(node) ? node.resolve(document) : undefined)).value(
      document.contents,
    );
  });
}

class Constructor {
  private readonly text: string;
  private readonly target: (alias: Node) => Node | undefined;
  private readonly built = new Map<Node, Value>();

  constructor(text: string, target: (alias: Node) => Node | undefined) {
    this.text = text;
    this.target = target;
  }

  value(node: Node | null): Value {
    if (node === null) return null;
    if (isAlias(node)) {
      const target = this.target(node);
      if (target === undefined) return this.fail(node, `found undefined alias '${node.source}'`);
      return this.value(target);
    }
    const known = this.built.get(node);
    if (known !== undefined) return known;
    if (isScalar(node)) return this.scalar(node);
    if (isSeq(node)) return this.sequence(node as Node & { items: Node[] });
    return isMap(node) ? this.mapping(node) : this.fail(node, 'could not determine a constructor for the node');
  }

  private scalar(node: Scalar): Value {
    const source = node.value === null ? '' : String(node.value);
    const tag = node.tag;
    try {
      if (tag === undefined || tag === null) {
        if (node.type !== 'PLAIN' && node.type !== undefined) return source;
        return construct(this.plainTag(node, resolvePlain(source)), source);
      }
      return this.tagged(node, tag, source);
    } catch (cause) {
      if (cause instanceof Fault) throw cause;
      return this.fail(node, (cause as Error).message);
    }
  }

  private plainTag(node: Node, tag: ScalarTag): ScalarTag {
    if (tag === 'merge')
      return this.fail(node, "could not determine a constructor for the tag 'tag:yaml.org,2002:merge'");
    if (tag === 'value')
      return this.fail(node, "could not determine a constructor for the tag 'tag:yaml.org,2002:value'");
    return tag;
  }

  private tagged(node: Node, tag: string, source: string): Value {
    switch (tag.startsWith(PREFIX) ? tag.slice(PREFIX.length) : tag) {
      case 'str':
      case '!':
        return source;
      case 'null':
        return null;
      case 'int':
        return construct('int', source);
      case 'float':
        return construct('float', /^[-+]?[\d_]+$/.test(source) ? `${source}.0` : source);
      case 'bool':
        return construct('bool', source);
      case 'timestamp':
        return construct('timestamp', source);
      case 'binary':
        return new Bytes(Buffer.from(source, 'base64'));
      default:
        return this.fail(node, unknownTag(tag));
    }
  }

  private sequence(node: Node & { items: Node[]; tag?: string | undefined }): Value {
    const items: Value[] = [];
    this.built.set(node, items);
    for (const item of node.items) items.push(this.value(item));
    const tag = node.tag?.replace(PREFIX, '');
    if (tag === 'omap' || tag === 'pairs')
      return items.map((item) =>
        isDict(item) && item.size === 1
          ? new Tuple([...item][0]!)
          : this.fail(node, `expected a mapping of length 1 in ${tag}`),
      );
    if (tag !== undefined && tag !== 'seq') this.fail(node, unknownTag(node.tag!));
    return items;
  }

  private mapping(node: YAMLMap): Value {
    const dict: Dict = new Map();
    this.built.set(node, dict);
    const merged: Dict = new Map();
    for (const pair of node.items as Pair<Node, Node | null>[]) {
      if (isMergeKey(pair.key)) this.merge(merged, pair.value, node);
      else dictSet(dict, this.key(pair.key), this.value(pair.value));
    }
    if (merged.size > 0) {
      const own = [...dict];
      dict.clear();
      for (const [key, item] of [...merged, ...own]) dictSet(dict, key, item);
    }
    const tag = node.tag?.replace(PREFIX, '');
    if (tag === 'set') return new PySet([...dict.keys()]);
    if (tag !== undefined && tag !== 'map') this.fail(node, unknownTag(node.tag!));
    return dict;
  }

  private merge(into: Dict, node: Node | null, owner: Node): void {
    const source = this.value(node);
    const sources = isDict(source) ? [source] : Array.isArray(source) ? source : [];
    if (sources.length === 0 || !sources.every(isDict))
      this.fail(node ?? owner, 'expected a mapping or list of mappings for merging');
    for (const each of sources as Dict[])
      for (const [key, item] of each) if (!dictHas(into, key)) dictSet(into, key, item);
  }

  private key(node: Node): Value {
    if (isScalar(node) && node.value === '=' && node.tag === undefined) return '=';
    const key = this.value(node);
    if (Array.isArray(key) || isDict(key)) return this.fail(node, 'found unhashable key');
    return key;
  }

  private fail(node: Node, reason: string): never {
    const at = node.range?.[0] ?? 0;
    const before = this.text.slice(0, at);
    const line = before.split('\n').length;
    throw new Fault('ValueError', `${reason} in line ${line}, column ${at - before.lastIndexOf('\n')}`);
  }
}

function unknownTag(tag: string): string {
  return `could not determine a constructor for the tag '${tag}'`;
}

function isMergeKey(key: unknown): boolean {
  return isScalar(key) && key.value === '<<' && (key.type === 'PLAIN' || key.type === undefined);
}
