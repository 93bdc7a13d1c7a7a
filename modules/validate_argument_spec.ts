// validate_argument_spec: checks variables against a role's argument specification. The engine runs it before a role that
// has one.

import { ModuleFailure, TemplateError } from '../engine/model/errors.ts';
import { Float, toJson } from '../engine/model/value.ts';
import { defineControl, type Json, type JsonObject } from '../engine/module/control.ts';
import { type SpecOptions, specErrors } from './shared/spec.ts';

export default defineControl({
  control: true,
  doc: {
    collection: 'ansible.builtin',
    summary: 'Checks arguments against a specification, all faults at once.',
    examples: `
- name: What this role has to be given
  validate_argument_spec:
    argument_spec:
      port:
        type: int
        required: true
      mode:
        choices: [fast, safe]
    provided_arguments:
      port: 8080
      mode: safe
`,
    returns: {
      argument_errors: 'The faults.',
      argument_spec_data: 'The specification that was used.',
      validate_args_context: 'Where the specification comes from.',
    },
  },
  schema: {
    argument_spec: { type: 'raw', doc: 'Options by name, as in argument_specs of a role.' },
    provided_arguments: { type: 'raw', doc: 'Values by name; what is not here is taken from the variables in scope.' },
    validate_args_context: { type: 'dict', default: {}, doc: 'Goes into the result.' },
  },
  decide(args, view) {
    const spec = args.argument_spec;
    if (spec === undefined) throw new ModuleFailure('"argument_spec" arg is required in args: {}');
    if (!isDict(spec)) throw new ModuleFailure('Incorrect type for argument_spec, expected dict');
    const given = args.provided_arguments ?? {};
    if (!isDict(given)) throw new ModuleFailure('Incorrect type for provided_arguments, expected dict');
    const found = (name: string): Json | undefined => {
      try {
        return toJson(view.evaluate(name));
      } catch (error) {
        if (error instanceof TemplateError && error.undefinedName) return undefined;
        throw error;
      }
    };
    const errors = specErrors(spec as SpecOptions, withScope(spec, given, found));
    const data = { validate_args_context: args.validate_args_context };
    if (errors.length === 0) return { data: { ...data, msg: 'The arg spec validation passed' } };
    return {
      failed: `Validation of arguments failed:\n${errors.join('\n')}`,
      data: { ...data, argument_errors: errors, argument_spec_data: spec },
    };
  },
});

function withScope(spec: JsonObject, given: JsonObject, found: (name: string) => Json | undefined): JsonObject {
  const all: Record<string, Json> = {};
  for (const name of Object.keys(spec)) {
    const value = Object.hasOwn(given, name) ? undefined : found(name);
    if (value !== undefined) all[name] = value;
  }
  return { ...all, ...given };
}

function isDict(value: Json): value is JsonObject {
  return value !== null && typeof value === 'object' && !Array.isArray(value) && !(value instanceof Float);
}
