// The lookup `template`: what a template file of the controller renders to.

import type { Value } from '../../model/value.ts';
import { fileVariables } from '../filevariables.ts';
import type { Env, Lookup } from '../library.ts';
import type { Declared, Options } from '../options.ts';
import { str } from '../python/text.ts';
import { needFile, readText } from './place.ts';

const OPTIONS: Declared = {
  variable_start_string: { type: 'str' },
  variable_end_string: { type: 'str' },
  comment_start_string: { type: 'str' },
  comment_end_string: { type: 'str' },
  template_vars: { type: 'dict' },
  convert_data: { type: 'bool', default: true },
  jinja2_native: { type: 'bool', default: true },
  trim_blocks: { type: 'bool', default: true },
};

export const template: Lookup = {
  options: OPTIONS,
  run(terms, options, env) {
    return terms.map((term) => {
      const missing = (name: string): string => `the template file ${name} could not be found for the lookup`;
      const path = needFile(env, term, ['templates'], missing);
      const value = env.renderFile(readText(env, path), {
        file: path,
        trimBlocks: options.flag('trim_blocks'),
        ...optional('variableStart', options.text('variable_start_string')),
        ...optional('variableEnd', options.text('variable_end_string')),
        ...optional('commentStart', options.text('comment_start_string')),
        ...optional('commentEnd', options.text('comment_end_string')),
        vars: new Map([
          ...fileVariables({ name: str(term), path, destination: null, managed: managed(env) }),
          ...options.dict('template_vars'),
        ]),
      });
      return converted(value, options, env);
    });
  },
};

function managed({ context }: Env): string {
  return String(context.services.setting('DEFAULT_MANAGED_STR')?.value ?? '');
}

/** In classic typing what looks like a structure is one, unless convert_data says otherwise; a filter knows how. */
function converted(value: Value, options: Options, env: Env): Value {
  if (env.typing !== 'classic' || !options.flag('convert_data') || !/^\s*[[{]/.test(str(value))) return value;
  try {
    return env.filter('from_yaml', value);
  } catch {
    return value;
  }
}

function optional<K extends string>(key: K, value: string | undefined): { [P in K]?: string } {
  return value === undefined ? {} : ({ [key]: value } as { [P in K]?: string });
}
