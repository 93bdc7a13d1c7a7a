// The lookup `config`: settings of the engine, and options of plugins as they are set.

import { fromJson, type Value } from '../../model/value.ts';
import { Fault } from '../fault.ts';
import type { Env, Lookup } from '../library.ts';
import { type Declared, type Found, foundOption, type Options } from '../options.ts';
import { str } from '../python/text.ts';
import { isText, typeName } from '../python/types.ts';
import { KINDS, PLUGINS } from './plugins.ts';

/** The lookup, which knows the options of lookups from themselves. */
export function configLookup(lookups: ReadonlyMap<string, Lookup>): Lookup {
  return {
    options: {
      on_missing: { type: 'str', default: 'error', choices: ['error', 'skip', 'warn'] },
      plugin_type: { type: 'str', choices: KINDS },
      plugin_name: { type: 'str' },
      show_origin: { type: 'bool', default: false },
    },
    run(terms, options, env) {
      const plugin = pluginOf(options, lookups);
      return terms.flatMap((term) => {
        if (!isText(term))
          throw new Fault(
            'LookupError',
            `Invalid setting identifier, ${str(term)} is not a <class 'str'>, its a <class '${typeName(term)}'>.`,
          );
        const found = plugin === undefined ? settingOf(str(term), env) : optionOf(plugin, str(term), env);
        if (found !== undefined) return [options.flag('show_origin') ? [found.value, found.origin] : found.value];
        const of = plugin === undefined ? '' : ` for '${plugin.name}' ${plugin.kind} plugin`;
        return missing(`No config definition exists for '${str(term)}'${of}.`, options, env);
      });
    },
  };
}

function missing(message: string, options: Options, env: Env): Value[] {
  const action = options.text('on_missing');
  if (action === 'error') throw new Fault('LookupError', message);
  if (action === 'warn') env.context.warn(`Skipping, ${message}`, env.position);
  return [];
}

function settingOf(name: string, env: Env): Found | undefined {
  const found = env.context.services.setting(name);
  return found === undefined ? undefined : { value: fromJson(found.value), origin: found.origin };
}

interface Plugin {
  readonly kind: string;
  readonly name: string;
  readonly options: Declared;
}

/** The plugin whose options are asked for; undefined for settings. Throws where it is not known. */
function pluginOf(options: Options, lookups: ReadonlyMap<string, Lookup>): Plugin | undefined {
  const [kind, name] = [options.text('plugin_type'), options.text('plugin_name')];
  if (kind === undefined && name === undefined) return undefined;
  if (kind === undefined || name === undefined)
    throw new Fault('LookupError', 'Both plugin_type and plugin_name are required, cannot use one without the other.');
  const short = name.replace(/^ansible\.(?:builtin|legacy)\./, '');
  const declared = kind === 'lookup' ? lookups.get(short)?.options : PLUGINS[kind]?.[short];
  if (declared === undefined) throw new Fault('LookupError', `Unable to load ${kind} plugin '${name}'.`);
  return { kind, name, options: declared };
}

function optionOf(plugin: Plugin, name: string, env: Env): Found | undefined {
  const option = Object.hasOwn(plugin.options, name) ? plugin.options[name] : undefined;
  return option === undefined ? undefined : foundOption(plugin, name, option, env);
}
