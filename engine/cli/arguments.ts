// Reads a command line by a table of options, with the habits of Python's argparse that people's fingers know: long
// options may be abbreviated, and a wrong option prints the usage and ends with 2.

import { Command, CommanderError, Option } from 'commander';
import { UsageError } from '../model/errors.ts';
import type { OptionSpec } from './options.ts';

export interface CommandLine {
  readonly name: string;
  readonly summary: string;
  /** `playbook`: the positional arguments, at least one. */
  readonly operands: { readonly name: string; readonly doc: string };
  readonly options: readonly OptionSpec[];
  readonly exclusive: readonly (readonly [string, string])[];
}

export interface Arguments {
  readonly options: Readonly<Record<string, unknown>>;
  readonly operands: readonly string[];
}

/** Throws UsageError (exit code 2) with the usage in its hint. */
export function parseArguments(line: CommandLine, argv: readonly string[]): Arguments {
  const refuse = (message: string): never => {
    throw new UsageError(message, { exitCode: 2 });
  };
  const options: Record<string, unknown> = {};
  const given = new Set<OptionSpec>();
  const command = new Command(line.name).exitOverride().helpOption(false).allowExcessArguments();
  command.configureOutput({ writeErr: () => undefined, writeOut: () => undefined });
  for (const spec of line.options) {
    options[spec.field] = initial(spec);
    for (const [short, long] of spellings(spec)) {
      const option = new Option(`${[short, long].filter(Boolean).join(', ')}${spec.takes ? ` <${spec.takes}>` : ''}`);
      command.addOption(option);
      command.on(`option:${option.name()}`, (value: string | undefined) => {
        given.add(spec);
        options[spec.field] = next(spec, options[spec.field], value, refuse);
      });
    }
  }
  command.argument('[operands...]');
  try {
    command.parse(expandAbbreviations(line.options, argv, refuse), { from: 'user' });
  } catch (error) {
    if (error instanceof CommanderError) refuse(reason(error, line.options));
    throw error;
  }
  const operands = command.args;
  if (options['help'] !== true && options['version'] !== true && operands.length === 0)
    refuse(`the following arguments are required: ${line.operands.name}`);
  for (const [one, other] of line.exclusive) {
    const [first, second] = [one, other].map((flag) => line.options.find((spec) => spec.flags.includes(flag))!);
    if (given.has(first!) && given.has(second!))
      refuse(`argument ${first!.flags.join('/')}: not allowed with argument ${second!.flags.join('/')}`);
  }
  for (const spec of given)
    if (spec.later) refuse(`not supported yet: ${spec.flags.find((flag) => flag.startsWith('--'))}`);
  return { options, operands };
}

/** commander knows one short and one long spelling an option; further ones become options of their own. */
function spellings(spec: OptionSpec): (readonly [string | undefined, string | undefined])[] {
  const shorts = spec.flags.filter((flag) => !flag.startsWith('--'));
  const longs = spec.flags.filter((flag) => flag.startsWith('--'));
  return longs.map((long, index) => [index === 0 ? shorts[0] : undefined, long] as const);
}

function initial(spec: OptionSpec): unknown {
  if (spec.takes === undefined) return spec.repeatable ? 0 : false;
  return spec.repeatable ? [] : undefined;
}

function next(
  spec: OptionSpec,
  before: unknown,
  value: string | undefined,
  refuse: (message: string) => never,
): unknown {
  if (spec.takes === undefined) return spec.repeatable ? (before as number) + 1 : true;
  if (spec.repeatable) return [...(before as string[]), value!];
  if (spec.kind !== 'int') return value;
  if (!/^[+-]?\d+$/.test(value!)) refuse(`argument ${spec.flags.join('/')}: invalid int value: '${value}'`);
  return Number(value);
}

function expandAbbreviations(
  specs: readonly OptionSpec[],
  argv: readonly string[],
  refuse: (message: string) => never,
): string[] {
  const longs = specs.flatMap((spec) => spec.flags.filter((flag) => flag.startsWith('--')));
  const end = argv.indexOf('--');
  return argv.map((word, index) => {
    if (!word.startsWith('--') || word === '--' || (end >= 0 && index > end)) return word;
    const equals = word.indexOf('=');
    const flag = equals < 0 ? word : word.slice(0, equals);
    if (longs.includes(flag)) return word;
    const fits = longs.filter((long) => long.startsWith(flag));
    const fields = new Set(fits.map((long) => specs.find((spec) => spec.flags.includes(long))!.field));
    if (fields.size > 1) refuse(`ambiguous option: ${flag} could match ${fits.join(', ')}`);
    return fits.length > 0 ? fits[0]! + word.slice(flag.length) : word;
  });
}

function reason(error: CommanderError, specs: readonly OptionSpec[]): string {
  const quoted = /'([^']*)'/.exec(error.message)?.[1] ?? '';
  if (error.code === 'commander.unknownOption') return `unrecognized arguments: ${quoted}`;
  if (error.code === 'commander.optionMissingArgument') {
    const flag = quoted.split(/[ ,]/)[0]!;
    const flags = specs.find((spec) => spec.flags.includes(flag))?.flags ?? [flag];
    return `argument ${flags.join('/')}: expected one argument`;
  }
  return error.message.replace(/^error: /, '');
}

const WIDTH = 80;

/** `usage: name [-h] ...`, wrapped. */
export function usageText(line: CommandLine): string {
  const words = line.options.map((spec) => {
    const flag = spec.flags[0]!;
    return spec.takes === undefined ? `[${flag}]` : `[${flag} ${spec.takes}]`;
  });
  const margin = `usage: ${line.name} `;
  const { name } = line.operands;
  return `${fill([...words, name, `[${name} ...]`], margin, ' '.repeat(margin.length))}\n`;
}

/** The whole help. */
export function helpText(line: CommandLine): string {
  const section = (title: string, specs: readonly OptionSpec[]): string =>
    `\n${title}:\n${specs.map((spec) => item(spec)).join('')}`;
  const of = (group: OptionSpec['group']): readonly OptionSpec[] =>
    line.options.filter((spec) => spec.group === group && !spec.later);
  const later = line.options.filter((spec) => spec.later).map((spec) => spec.flags.at(-1)!);
  return [
    usageText(line),
    `\n${line.summary}\n`,
    `\npositional arguments:\n  ${line.operands.name.padEnd(22)}${line.operands.doc}\n`,
    section('options', of(undefined)),
    section('connection options', of('connection')),
    section('privilege escalation options', of('escalation')),
    later.length > 0 ? `\n${fill(['not', 'supported', 'yet:', ...later], '', '  ')}\n` : '',
  ].join('');
}

function item(spec: OptionSpec): string {
  const names = `  ${spec.flags.join(', ')}${spec.takes === undefined ? '' : ` ${spec.takes}`}`;
  const doc = spec.doc.split(' ');
  if (names.length > 22) return `${names}\n${fill(doc, ' '.repeat(24), ' '.repeat(24))}\n`;
  return `${fill(doc, names.padEnd(24), ' '.repeat(24))}\n`;
}

function fill(words: readonly string[], first: string, margin: string): string {
  const lines: string[] = [];
  let text = first;
  let bare = true;
  for (const word of words) {
    if (!bare && text.length + 1 + word.length > WIDTH) {
      lines.push(text);
      text = margin;
      bare = true;
    }
    text += bare ? word : ` ${word}`;
    bare = false;
  }
  return [...lines, text].join('\n');
}
