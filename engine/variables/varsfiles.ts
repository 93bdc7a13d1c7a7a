// `vars_files` of a play: names that may be templates, lists of which the first that is there counts. Each file is read
// once a play.

import { existsSync, statSync } from 'node:fs';
import { isAbsolute, join } from 'node:path';
import { TemplateError } from '../model/errors.ts';
import { type Dict, type Scope, Template, type Value } from '../model/value.ts';
import { asVars } from './beside.ts';
import type { Place } from './place.ts';
import type { Layer } from './precedence.ts';

export interface VarsFilesOptions {
  readonly extraVars: Dict;
  readonly playbookDir: string;
  /** One vars file's document. Throws PlaybookError. */
  readVars(file: string): Value;
  /** Renders a name. Throws TemplateError. */
  render(value: Value, scope: Scope): Value;
  warn(message: string): void;
}

export class VarsFiles {
  readonly #options: VarsFilesOptions;
  /** What a host knows without the play. */
  readonly #scopeOf: (place: Place) => Scope;
  readonly #paths = new Map<string, string | undefined>();
  readonly #files = new Map<string, Dict>();
  readonly #missing = new Set<string>();

  constructor(options: VarsFilesOptions, scopeOf: (place: Place) => Scope) {
    this.#options = options;
    this.#scopeOf = scopeOf;
  }

  /** Files are looked for and read anew. */
  forget(): void {
    this.#paths.clear();
    this.#files.clear();
    this.#missing.clear();
  }

  /** The variables of the files that a place sees, weakest first. Throws PlaybookError. */
  of(place: Place): Layer[] {
    const list = place.play?.directives['varsFiles']?.value ?? null;
    if (list === null) return [];
    const layers: Layer[] = [];
    for (const item of Array.isArray(list) ? list : [list]) {
      const found = this.#first(Array.isArray(item) ? item : [item], place, layers);
      if (found) layers.push(found);
    }
    return layers;
  }

  #first(choices: readonly Value[], place: Place, before: readonly Layer[]): Dict | undefined {
    const names: string[] = [];
    for (const choice of choices) {
      const name = this.#name(choice, place, before);
      if (name === undefined) return undefined;
      const path = this.#find(name);
      if (path !== undefined) return this.#read(path);
      names.push(name);
    }
    this.#tellMissing(names.join(', '));
    return undefined;
  }

  /** Ansible passes over what is not there; it is told once. */
  #tellMissing(names: string): void {
    if (this.#missing.has(names)) return;
    this.#missing.add(names);
    this.#options.warn(`vars file ${names} was not found`);
  }

  /** A name that needs what is not known yet (facts) is passed over too: undefined. */
  #name(choice: Value, place: Place, before: readonly Layer[]): string | undefined {
    if (!(choice instanceof Template)) return String(choice);
    try {
      return String(this.#options.render(choice, this.#around(place, before)));
    } catch (error) {
      if (error instanceof TemplateError && error.undefinedName) return undefined;
      throw error;
    }
  }

  /** Names know extra vars, the files before, the play's vars and the host's: not roles and tasks. */
  #around(place: Place, before: readonly Layer[]): Scope {
    const host = this.#scopeOf({ host: place.host });
    const layers = [this.#options.extraVars, ...[...before].reverse(), ...(place.play ? [place.play.vars] : [])];
    return {
      get: (name) => {
        for (const layer of layers) {
          const value = layer.get(name);
          if (value !== undefined) return value;
        }
        return host.get(name);
      },
      names: () => new Set([...layers.flatMap((layer) => [...layer.keys()].map(String)), ...host.names()]),
    };
  }

  #find(name: string): string | undefined {
    if (this.#paths.has(name)) return this.#paths.get(name);
    const { playbookDir } = this.#options;
    const candidates = isAbsolute(name) ? [name] : [join(playbookDir, 'vars', name), join(playbookDir, name)];
    const path = candidates.find((candidate) => existsSync(candidate) && statSync(candidate).isFile());
    this.#paths.set(name, path);
    return path;
  }

  #read(path: string): Dict {
    let vars = this.#files.get(path);
    if (!vars) {
      vars = asVars(this.#options.readVars(path), path);
      this.#files.set(path, vars);
    }
    return vars;
  }
}
