// The command line: argparse's habits, and refusals by name.

import { describe, expect, it } from 'vitest';
import { type CommandLine, helpText, parseArguments, usageText } from '../../engine/cli/arguments.ts';
import { EXCLUSIVE, PLAYBOOK_OPTIONS } from '../../engine/cli/options.ts';

const LINE: CommandLine = {
  name: 'ansible-playbook',
  summary: 'Plays.',
  operands: { name: 'playbook', doc: 'Playbook files.' },
  options: PLAYBOOK_OPTIONS,
  exclusive: EXCLUSIVE,
};

const parse = (...argv: readonly string[]) => parseArguments(LINE, argv);

describe('what is taken', () => {
  it.each<readonly [readonly string[], Record<string, unknown>]>([
    [['-vvv', 'a.yml'], { verbose: 3 }],
    [['-v', '-v', 'a.yml'], { verbose: 2 }],
    [['-i', 'x', '--inventory=y', '--inventory-file', 'z', 'a.yml'], { inventory: ['x', 'y', 'z'] }],
    [['-CDb', 'a.yml'], { check: true, diff: true, become: true }],
    [['-f10', 'a.yml'], { forks: 10 }],
    [['a.yml', '-e', 'x=1', '-e@f'], { extraVars: ['x=1', '@f'] }],
    [['-t', 'a,b', '--tags', 'c', 'a.yml'], { tags: ['a,b', 'c'] }],
    [['--start', 'x', 'a.yml'], { startAtTask: 'x' }],
    [['--key-file', 'k', 'a.yml'], { privateKey: 'k' }],
    [['--list-ho', 'a.yml'], { listHosts: true }],
    [['a.yml'], { verbose: 0, inventory: [], forks: undefined, check: false }],
  ])('%j', (argv, expected) => expect(parse(...argv).options).toMatchObject(expected));

  it('takes several playbooks, options between them', () => {
    expect(parse('a.yml', '-C', 'b.yml', '--', '-c.yml').operands).toEqual(['a.yml', 'b.yml', '-c.yml']);
  });
});

describe('what is refused, with 2', () => {
  it.each<readonly [readonly string[], string]>([
    [[], 'the following arguments are required: playbook'],
    [['--nope', 'a.yml'], 'unrecognized arguments: --nope'],
    [['--list', 'a.yml'], 'ambiguous option: --list could match --list-hosts, --list-tasks, --list-tags'],
    [['-f', 'x', 'a.yml'], "argument -f/--forks: invalid int value: 'x'"],
    [['a.yml', '-i'], 'argument -i/--inventory/--inventory-file: expected one argument'],
    [
      ['-k', '--conn-pass-file', 'x', 'a.yml'],
      'argument --connection-password-file/--conn-pass-file: not allowed with argument -k/--ask-pass',
    ],
    [['--scp-extra-args', 'x', 'a.yml'], 'not supported yet: --scp-extra-args'],
    [
      ['-J', '--vault-pass-file', 'x', 'a.yml'],
      'argument --vault-password-file/--vault-pass-file: not allowed with argument -J/--ask-vault-password/--ask-vault-pass',
    ],
  ])('%j', (argv, message) => {
    expect(() => parse(...argv)).toThrow(expect.objectContaining({ message, exitCode: 2 }) as Error);
  });
});

it('fits help and usage into 80 columns', () => {
  for (const text of [helpText(LINE), usageText(LINE)])
    for (const line of text.split('\n')) expect(line.length).toBeLessThanOrEqual(80);
});

/** `ansible-playbook --help` of 2.19: every spelling is known here. */
const REFERENCE =
  '--become-password-file --become-pass-file --connection-password-file --conn-pass-file --flush-cache --force-handlers --list-hosts --list-tags --list-tasks --skip-tags --start-at-task --step --syntax-check --vault-id --vault-password-file --vault-pass-file --version -C --check -D --diff -J --ask-vault-password --ask-vault-pass -K --ask-become-pass -M --module-path -e --extra-vars -f --forks -h --help -i --inventory --inventory-file -k --ask-pass -l --limit -t --tags -v --verbose --private-key --key-file --scp-extra-args --sftp-extra-args --ssh-common-args --ssh-extra-args -T --timeout -c --connection -u --user --become-method --become-user -b --become';

it('knows every option of the reference', () => {
  const known = new Set<string>(PLAYBOOK_OPTIONS.flatMap(({ flags }) => flags));
  expect(REFERENCE.split(' ').filter((flag) => !known.has(flag))).toEqual([]);
});
