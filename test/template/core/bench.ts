// A templar and a context for tests: variables as a vars file would give them, warnings collected.

import { trusted, Unsafe, type Value } from '../../../engine/model/value.ts';
import type { Context, Templar, TemplateSettings } from '../../../engine/template/contract.ts';
import { createTemplar } from '../../../engine/template/templar.ts';
import { NO_SERVICES } from '../services.ts';

/** Variables in plain JSON; text with template marks is a template, `{__ansible_unsafe: text}` is not. */
export type Plain = null | boolean | number | string | readonly Plain[] | { readonly [key: string]: Plain };

export function valueOf(plain: Plain): Value {
  if (typeof plain === 'string') return trusted(plain, { file: 'vars.yml', line: 7, column: 3 });
  if (Array.isArray(plain)) return (plain as readonly Plain[]).map(valueOf);
  if (plain === null || typeof plain !== 'object') return plain as null | boolean | number;
  const dict = plain as { readonly [key: string]: Plain };
  if (typeof dict['__ansible_unsafe'] === 'string') return new Unsafe(dict['__ansible_unsafe']);
  return new Map(Object.entries(dict).map(([key, item]) => [key, valueOf(item)]));
}

export function templar(settings: Partial<TemplateSettings> = {}): Templar {
  return createTemplar({
    typing: 'modern',
    trimBlocks: true,
    allowBrokenConditionals: true,
    allowEmbeddedTemplates: true,
    errorOnUndefined: true,
    extensions: [],
    ...settings,
  });
}

export interface Bench extends Context {
  readonly warnings: string[];
  /** Names of variables that were asked for. */
  readonly asked: string[];
}

export function bench(vars: { readonly [key: string]: Plain } = {}, folder = '/nonexistent'): Bench {
  const values = new Map(Object.entries(vars).map(([name, plain]) => [name, valueOf(plain)]));
  const [warnings, asked]: [string[], string[]] = [[], []];
  return {
    warnings,
    asked,
    scope: {
      get(name) {
        asked.push(name);
        return values.get(name);
      },
      names: () => values.keys(),
      written: (name) => (values.has(name) ? [values.get(name)!] : []),
    },
    searchPath: [folder],
    basedir: folder,
    services: NO_SERVICES,
    warn: (message) => warnings.push(message),
  };
}
