// YAML text -> nodes that know their place. Values are built once, with the nodes, so that whoever needs only the value
// (a vars file) takes `node.value` and whoever judges structure (a task) walks the entries and can name every place.

import { isAlias, isMap, isScalar, isSeq, type Node, type Scalar } from 'yaml';
import { PlaybookError } from '../model/errors.ts';
import type { PlacedDocument, Position } from '../model/position.ts';
import { DateTime, type Dict, PySet, trusted, Unsafe, type Value, Vaulted } from '../model/value.ts';
import { adviseSyntax, BRACES_HINT } from './advice.ts';
import { parseLenient } from './lenient.ts';
import { type Meaning, resolvePlain, resolveTagged } from './scalar.ts';

export type YamlNode = MapNode | SeqNode | ScalarNode;

export interface MapNode {
  readonly kind: 'map';
  readonly position: Position;
  readonly entries: ReadonlyMap<Value, Entry>;
  readonly value: Dict;
}
export interface Entry {
  readonly keyPosition: Position;
  readonly node: YamlNode;
}
export interface SeqNode {
  readonly kind: 'seq';
  readonly position: Position;
  readonly items: readonly YamlNode[];
  /** A list; a PySet or list of pairs for the tags that ask for one. */
  readonly value: Value;
}
export interface ScalarNode {
  readonly kind: 'scalar';
  readonly position: Position;
  readonly value: Value;
}

/** What reading YAML needs from outside. */
export interface YamlHooks {
  warn(message: string, position?: Position): void;
  /** Plain text of a vaulted file. Without it such files are refused by name. */
  decrypt?: ((text: string, position: Position) => string) | undefined;
  /** The date or datetime that a timestamp stands for; throws RangeError. Without it its text is kept, in ISO form. */
  timestamp?: ((text: string) => Value) | undefined;
  /** What becomes of a key that stands twice: `warn` (default), `error`, `ignore`; the last one counts. */
  duplicateKeys?: 'warn' | 'error' | 'ignore' | undefined;
}

const VAULT_HEADER = '$ANSIBLE_VAULT;';
const CORE = 'tag:yaml.org,2002:';

/**
 * The one document in a YAML (or JSON) text.
 * @throws PlaybookError on bad syntax, unknown tags, unhashable keys, more than one document.
 */
export function parseYaml(source: string, file: string, hooks: YamlHooks): YamlNode {
  let text = source.startsWith('\uFEFF') ? source.slice(1) : source;
  if (text.startsWith(VAULT_HEADER)) text = decrypt(text, { file, line: 1, column: 1 }, hooks);
  const { document, text: read, fault, at: place } = parseLenient(text);
  const at = (offset: number): Position => ({ file, ...place(offset) });
  refuseControl(read, at);
  if (fault) {
    const { message, hint } = adviseSyntax(fault, read);
    throw new PlaybookError(`YAML parsing failed: ${message}`, { position: at(fault.pos[0]), hint });
  }
  return new Builder(read, at, hooks).build(document.contents as Node | null, false);
}

/** A document as a value, and where what is in it stands. Throws as parseYaml does. */
export function parseDocument(source: string, file: string, hooks: YamlHooks): PlacedDocument {
  const document = parseYaml(source, file, hooks);
  return {
    value: document.value,
    at: (path) => {
      let node: YamlNode | undefined = document;
      let { position } = document;
      for (const key of path) {
        const entry: Entry | undefined = node?.kind === 'map' ? node.entries.get(key) : undefined;
        if (entry === undefined) return position;
        ({ keyPosition: position, node } = entry);
      }
      return position;
    },
  };
}

/** What YAML calls not printable: most likely the file is no text, or was damaged. */
const CONTROL = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u0084\u0086-\u009f\ufffe\uffff]/;

function refuseControl(text: string, at: (offset: number) => Position): void {
  const offset = text.search(CONTROL);
  if (offset < 0) return;
  const code = text.charCodeAt(offset).toString(16).padStart(4, '0');
  throw new PlaybookError(`YAML parsing failed: Control characters are not allowed (#x${code}).`, {
    position: at(offset),
    hint: `Write it as an escape between double quotes: "\\x${code.slice(-2)}".`,
  });
}

class Builder {
  readonly #text: string;
  readonly #at: (offset: number) => Position;
  readonly #hooks: YamlHooks;
  readonly #anchors = new Map<string, YamlNode | 'open'>();

  constructor(text: string, at: (offset: number) => Position, hooks: YamlHooks) {
    this.#text = text;
    this.#at = at;
    this.#hooks = hooks;
  }

  build(node: Node | null, unsafe: boolean): YamlNode {
    if (node === null) return { kind: 'scalar', position: this.#at(0), value: null };
    const position = this.#at(node.range?.[0] ?? 0);
    if (isAlias(node)) return this.#alias(node.source, position);
    const { anchor } = node as { anchor?: string };
    if (anchor !== undefined) this.#anchors.set(anchor, 'open');
    const built = this.#collection(node, position, unsafe);
    if (anchor !== undefined) this.#anchors.set(anchor, built);
    return built;
  }

  #alias(name: string, position: Position): YamlNode {
    const target = this.#anchors.get(name);
    if (target === undefined)
      throw new PlaybookError(`YAML parsing failed: Found undefined alias '${name}'.`, { position });
    if (target === 'open')
      throw new PlaybookError(`YAML parsing failed: The alias '${name}' stands inside of its own anchor.`, {
        position,
      });
    return target;
  }

  #collection(node: Node, position: Position, unsafe: boolean): YamlNode {
    const tag = node.tag;
    const own = tag?.startsWith(CORE) ? tag.slice(CORE.length) : undefined;
    if (isScalar(node)) return this.#scalar(node as Scalar<string>, position, unsafe);
    const raw = tag === '!unsafe';
    if (isMap(node)) {
      const map = this.#map(node.items as Pair[], position, unsafe || raw);
      if (tag === undefined || raw || own === 'map') return map;
      if (own === 'set') return { kind: 'seq', position, items: [], value: new PySet([...map.value.keys()]) };
    }
    if (isSeq(node)) {
      const items = node.items.map((item) => this.build(item as Node, unsafe || raw));
      if (tag === undefined || raw || own === 'seq')
        return { kind: 'seq', position, items, value: items.map((item) => item.value) };
      if (own === 'omap' || own === 'pairs') return this.#pairs(own, items, position);
    }
    return this.#refuseTag(tag ?? '', node);
  }

  #pairs(tag: string, items: readonly YamlNode[], position: Position): YamlNode {
    this.#hooks.warn(`Use of the YAML \`!!${tag}\` tag is deprecated. Use a standard mapping instead.`, position);
    const value = items.flatMap((item) => (item.kind === 'map' ? [...item.value] : []));
    return { kind: 'seq', position, items, value };
  }

  #map(pairs: readonly Pair[], position: Position, unsafe: boolean): MapNode {
    const merged = new Map<Value, Entry>();
    const own = new Map<Value, Entry>();
    for (const pair of pairs) {
      const keyNode = pair.key as Node | null;
      if (isScalar(keyNode) && keyNode.value === '<<' && keyNode.type === 'PLAIN' && pair.value !== null) {
        this.#merge(merged, this.build(pair.value as Node, unsafe));
        continue;
      }
      const key = this.#key(keyNode, position);
      if (own.has(key.value)) this.#duplicate(key.value, key.position);
      const node = pair.value ? this.build(pair.value as Node, unsafe) : emptyAfter(key.position);
      own.set(key.value, { keyPosition: key.position, node });
    }
    const entries = merged.size === 0 ? own : new Map([...merged, ...own]);
    const value: Dict = new Map();
    for (const [key, entry] of entries) value.set(key, entry.node.value);
    return { kind: 'map', position, entries, value };
  }

  #merge(into: Map<Value, Entry>, source: YamlNode): void {
    const maps = source.kind === 'seq' ? [...source.items].reverse() : [source];
    for (const map of maps) {
      if (map.kind !== 'map')
        throw new PlaybookError('YAML parsing failed: Expected a mapping, or a list of mappings, to merge with `<<`.', {
          position: map.position,
        });
      for (const [key, entry] of map.entries) into.set(key, entry);
    }
  }

  #key(node: Node | null, position: Position): { value: Value; position: Position } {
    const built = this.build(node, true);
    const place = node ? built.position : position;
    if (built.kind !== 'scalar')
      throw new PlaybookError(
        'YAML parsing failed: A mapping key must be a scalar; this may be an issue with missing quotes around a template block.',
        { position: place, hint: BRACES_HINT },
      );
    const { value } = built;
    return { value: value instanceof Unsafe || value instanceof DateTime ? String(value) : value, position: place };
  }

  #duplicate(key: Value, position: Position): void {
    const policy = this.#hooks.duplicateKeys ?? 'warn';
    const message = `Found duplicate mapping key '${String(key)}'.`;
    if (policy === 'error') throw new PlaybookError(`YAML parsing failed: ${message}`, { position });
    if (policy === 'warn') this.#hooks.warn(`${message} Using last defined value only.`, position);
  }

  #scalar(node: Scalar<string>, position: Position, unsafe: boolean): ScalarNode {
    const text = String(node.value ?? '');
    const tag = node.tag;
    const scalar = (value: Value): ScalarNode => ({ kind: 'scalar', position, value });
    if (tag === '!vault' || tag === '!vault-encrypted') return scalar(new Vaulted(text, position));
    if (tag === '!unsafe') return scalar(new Unsafe(text, position));
    const explicit = tag !== undefined && this.#carriesTag(node);
    if (explicit && tag.startsWith(CORE)) {
      const meaning = resolveTagged(tag.slice(CORE.length), text);
      if (!meaning) return this.#refuseTag(tag, node);
      return scalar(this.#meant(meaning, position, unsafe));
    }
    if (explicit && tag !== '!') return this.#refuseTag(tag, node);
    if (node.type === 'PLAIN' && !explicit) {
      if (text === '=') return this.#refuseTag(`${CORE}value`, node);
      const meaning = resolvePlain(text);
      if (meaning) return scalar(this.#meant(meaning, position, unsafe));
    }
    return scalar(unsafe ? new Unsafe(text, position) : trusted(text, position));
  }

  /** The yaml package gives scalars of the failsafe schema the tag of strings: only one that was written counts. */
  #carriesTag(node: Scalar): boolean {
    if (node.tag === undefined) return false;
    if (node.tag !== `${CORE}str`) return true;
    const before = this.#text.slice(Math.max(0, (node.range?.[0] ?? 0) - 40), node.range?.[0] ?? 0);
    return /(?:!!str|!<tag:yaml\.org,2002:str>)(?:\s+&\S+)?\s*$/.test(before) || /!!str\s+&\S+\s*$/.test(before);
  }

  #meant(meaning: NonNullable<Meaning>, position: Position, unsafe: boolean): Value {
    if ('timestamp' in meaning) return this.#timestamp(meaning.timestamp, position);
    if (typeof meaning.value !== 'string') return meaning.value;
    return unsafe ? new Unsafe(meaning.value, position) : trusted(meaning.value, position);
  }

  #timestamp(text: string, position: Position): Value {
    if (this.#hooks.timestamp === undefined) return isoForm(text);
    try {
      return this.#hooks.timestamp(text);
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      throw new PlaybookError(`YAML parsing failed: ${error.message}`, { position, hint: 'Quote it if it is text.' });
    }
  }

  #refuseTag(tag: string, node: Node): never {
    const start = node.range?.[0] ?? 0;
    const mark = this.#text.lastIndexOf('!', start);
    const written = this.#text[mark - 1] === '!' ? mark - 1 : mark;
    throw new PlaybookError(`YAML parsing failed: Could not determine a constructor for the tag '${tag}'.`, {
      position: this.#at(written >= 0 && start - written < 80 ? written : start),
      hint: 'The tags of playbooks are !unsafe and !vault; quote the value if it only begins with an exclamation mark.',
    });
  }
}

interface Pair {
  readonly key: unknown;
  readonly value: unknown;
}

function emptyAfter(position: Position): ScalarNode {
  return { kind: 'scalar', position, value: null };
}

function decrypt(text: string, position: Position, hooks: YamlHooks): string {
  if (!hooks.decrypt)
    throw new PlaybookError('Attempting to decrypt but no vault secrets found.', {
      position,
      hint: 'Vaults are not supported yet.',
    });
  return hooks.decrypt(text, position);
}

/** `2001-12-14 21:59:43.10` as JSON would show it. */
function isoForm(text: string): string {
  return text
    .replace(/^(\S+)[ \t]+(\d)/, '$1T$2')
    .replace('t', 'T')
    .replace(/Z$/, '+00:00');
}
