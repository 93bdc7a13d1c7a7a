// A program that somebody wrote for Ansible, as a module: carried to the host beside its arguments, run there by its
// interpreter, and understood by the JSON that it prints. What it would change nobody knows beforehand, unless it says
// that it can rehearse.

import { ModuleFailure } from '../model/errors.ts';
import { jsonText } from '../model/json-text.ts';
import type { Json, JsonObject } from '../model/value.ts';
import { readAnswer } from '../module/answer.ts';
import {
  type Action,
  type LocalFile,
  type Module,
  NO_QUESTION,
  type Site,
  type Source,
  type Step,
  type StepResult,
  type Upload,
} from '../module/contract.ts';
import { toText } from '../module/schema.ts';
import { quote, raw, type Script, sh } from '../module/sh.ts';
import { sourceOf } from '../module/source.ts';
import { ARGUMENTS_MARK, type Calling, CHECK_FLAG, callingOf } from './style.ts';

const SPECIAL_FILE_SYSTEMS = ['fuse', 'nfs', 'vboxsf', 'ramfs', '9p', 'vfat'];

/** A module of the program in a file of the controller, which is told this version of Ansible. Programs that troupe cannot run refuse when they are asked. */
export function programModule(name: string, file: LocalFile, version: string): Module {
  return {
    doc: { collection: 'ansible.legacy', summary: `The program ${file.path}.`, examples: '' },
    schema: {},
    open: true,
    inspect: () => NO_QUESTION,
    plan(args, _seen, site) {
      if (file.bytes === undefined) throw new ModuleFailure(`the module ${name} is too large: ${file.path}`);
      const calling = callingOf(file.bytes);
      refuse(name, file, calling);
      const call = (checking: boolean): Step =>
        step(file, calling, { ...(args as unknown as JsonObject), ...internals(name, version, site, checking) });
      const action: Action = {
        changes: [],
        opaque: 'changes',
        changedBy: (output) => answerOf(output, calling)['changed'] === true,
        step: call(false),
        ...(calling.rehearses ? { rehearsal: call(true) } : {}),
      };
      return {
        kind: 'plan',
        actions: [action],
        conclude: ([output]) => answerOf(output!, calling),
      };
    },
  };
}

function refuse(name: string, file: LocalFile, { style, interpreter, binary }: Calling): void {
  if (style === 'python')
    throw new ModuleFailure(
      `the module ${name} (${file.path}) is written for ansible-core's Python library, which troupe does not carry; programs that take JSON (WANT_JSON) or key=value arguments run`,
    );
  if (style === 'powershell')
    throw new ModuleFailure(
      `the module ${name} (${file.path}) is written for PowerShell, and Windows hosts are not supported`,
    );
  if (!binary && interpreter === undefined) throw new ModuleFailure(`module (${name}) is missing interpreter line`);
}

function answerOf(output: StepResult, { interpreter }: Calling): JsonObject {
  const text = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);
  return readAnswer({ rc: output.rc, stdout: text(output.stdout), stderr: text(output.stderr) }, interpreter?.[0]);
}

function step(file: LocalFile, calling: Calling, all: JsonObject): Step {
  const program: Upload = { name: 'module', bytes: calling.style === 'inlined' ? inlined(file, all) : file };
  const given: Upload = { name: 'args', bytes: sourceOf(calling.style === 'words' ? words(all) : jsonText(all)) };
  const passed = calling.style === 'inlined' ? '' : ' "$SCRATCH"/args';
  const run = sh`${raw(starter(calling))} "$SCRATCH"/module${raw(passed)}`;
  return { run, scratch: [program, given], foreground: true, onOutput: true, tolerate: true, answers: true };
}

/** What runs the program: a binary one itself, else its interpreter. */
function starter({ interpreter }: Calling): string {
  return interpreter === undefined ? 'chmod 0700 "$SCRATCH"/module &&' : (interpreter.map(quote).join(' ') as Script);
}

function inlined(file: LocalFile, args: JsonObject): Source {
  const text = new TextDecoder().decode(file.bytes);
  return sourceOf(text.replaceAll(ARGUMENTS_MARK, () => jsonText(args).replaceAll('\\', '\\\\')));
}

/** `key=value` words; values as Python prints them, quoted as Python quotes for a shell. */
function words(args: JsonObject): string {
  return Object.entries(args)
    .map(([key, value]) => `${key}=${pythonQuote(value === null ? 'None' : toText(value))}`)
    .join(' ');
}

function pythonQuote(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'"'"'`)}'`;
}

/** What Ansible tells every module beside its arguments. */
function internals(name: string, version: string, site: Site, checking: boolean): Record<string, Json> {
  return {
    [CHECK_FLAG]: checking,
    _ansible_no_log: false,
    _ansible_debug: false,
    _ansible_diff: site.diff,
    _ansible_verbosity: 0,
    _ansible_version: version,
    _ansible_module_name: name,
    _ansible_syslog_facility: 'LOG_USER',
    _ansible_selinux_special_fs: SPECIAL_FILE_SYSTEMS,
    _ansible_socket: null,
    _ansible_shell_executable: '/bin/sh',
    _ansible_keep_remote_files: false,
    _ansible_tmpdir: null,
    _ansible_remote_tmp: site.remoteTmp,
    _ansible_ignore_unknown_opts: false,
    _ansible_target_log_info: null,
    _ansible_tracebacks_for: [],
  };
}
