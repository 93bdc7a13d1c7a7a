// user: accounts of the host. Compares what the account database has with what is asked for, and changes the difference.

import type { Bring } from '../engine/model/resource.ts';
import {
  ABSENT,
  type Action,
  type Change,
  defineModule,
  type JsonObject,
  ModuleFailure,
  type Observed,
  type Plan,
  type StepResult,
} from '../engine/module/contract.ts';
import { lines, sh } from '../engine/module/sh.ts';
import { sourceOf } from '../engine/module/source.ts';
import { agesOf, daysOf, difference, hashToSet, isForeseen, supplementary } from './shared/accounts/difference.ts';
import { createUser, makeHome, modifyUser, removeUser, type Wanted } from './shared/accounts/edits.ts';
import { accountScript, hasTool, localTools, readAccounts, type Tools } from './shared/accounts/inquiry.ts';
import { looksUnhashed, UNHASHED_WARNING } from './shared/accounts/password.ts';
import { FOREIGN, type UserArgs, userSchema } from './shared/accounts/schema.ts';
import { bringHome } from './shared/accounts/skeleton.ts';
import { keyData, keyFile, keyPath, makeKey, sshKey } from './shared/accounts/ssh_key.ts';
import { decode, readSections } from './shared/sections.ts';
import { isAbsent, isUnknown, noteOf, stateOf, textOf } from './shared/seen.ts';

export default defineModule({
  doc: {
    collection: 'ansible.builtin',
    summary: 'Makes, changes and removes users.',
    notes: [
      'Works with useradd and its kin, and by editing the account files on hosts that lack them (busybox).',
      'A password hash never stands in a command line.',
    ],
    examples: `
- name: The user that the service runs as
  user:
    name: app
    system: true
    home: /srv/app
    shell: /usr/sbin/nologin
- name: An operator
  user:
    name: ann
    groups: [adm, users]
    append: true
    comment: Ann Smith
- name: Gone with everything
  user:
    name: bob
    state: absent
    remove: true
`,
    returns: {
      name: 'The user.',
      uid: 'Number.',
      group: 'Number of the primary group.',
      groups: 'Groups as asked for, with commas.',
      home: 'Home folder.',
      shell: 'Login shell.',
      comment: 'Full name.',
      state: 'As asked for.',
      ssh_fingerprint: 'Of the key.',
      ssh_key_file: 'Where the key is.',
      ssh_public_key: 'The public key.',
    },
  },
  schema: userSchema,
  inspect(args) {
    if (args.skeleton !== undefined && !args.create_home) {
      throw new ModuleFailure("parameters are required together: create_home, skeleton: 'skeleton' needs create_home");
    }
    return {
      kind: 'question',
      script: accountScript(args.name, asked(args), {
        local: args.local,
        home: args.home,
        key: args.generate_ssh_key ? keyFile(args) : undefined,
        skeleton: args.create_home && args.state === 'present' ? { folder: args.skeleton } : undefined,
      }),
      read: (answer) => readAccounts(args.name, asked(args), answer),
    };
  },
  plan(args, seen) {
    const has = (tool: string): boolean => hasTool(seen, tool);
    const tools = args.local ? localTools(has, 'luseradd') : has('useradd') ? 'shadow' : 'files';
    const plan = args.state === 'absent' ? removal(args, seen, tools) : presence(args, seen, tools);
    const warnings = [
      ...(args.password !== undefined && looksUnhashed(args.password) ? [UNHASHED_WARNING] : []),
      ...(args.append && args.groups === undefined ? ["'append' is set, but no 'groups' are specified."] : []),
      ...FOREIGN.filter((name) => args[name] !== undefined).map((name) => `${name} means nothing on this system.`),
      ...(plan.warnings ?? []),
    ];
    return warnings.length === 0 ? plan : { ...plan, warnings };
  },
});

/** Groups that the task names. */
function asked(args: UserArgs): string[] {
  return [...(args.group === undefined ? [] : [args.group]), ...supplementary(args)];
}

function removal(args: UserArgs, seen: Observed, tools: Tools): Plan {
  const now = stateOf(seen, `user:${args.name}`);
  const told = { name: args.name, state: 'absent' };
  if (isAbsent(now)) return { kind: 'plan', actions: [], data: told };
  const before = isUnknown(now) ? {} : now;
  const home = textOf(before, 'home');
  const changes: Change[] = [{ of: `user:${args.name}`, before, after: ABSENT }];
  if (textOf(before, 'group') === args.name) {
    changes.push({ of: `group:${args.name}`, before: { gid: before['gid'] ?? null }, after: ABSENT });
  }
  if (args.remove && home !== '') changes.push({ of: `file:${home}`, before: { type: 'directory' }, after: ABSENT });
  return {
    kind: 'plan',
    actions: [{ changes, step: { run: removeUser(args, tools, home), failure: '' } }],
    conclude(outputs) {
      return { ...told, force: args.force, remove: args.remove, ...saidBy(outputs[0]!) };
    },
  };
}

/** What the tools said, where they said something. */
function saidBy(output: StepResult): JsonObject {
  const said = { stdout: decode(output.stdout).split('\x1e')[0]!, stderr: decode(output.stderr) };
  return Object.fromEntries(Object.entries(said).filter(([, text]) => text !== ''));
}

function presence(args: UserArgs, seen: Observed, tools: Tools): Plan {
  for (const group of asked(args)) {
    if (isAbsent(stateOf(seen, `group:${group}`))) throw new ModuleFailure(`Group ${group} does not exist`);
  }
  const now = stateOf(seen, `user:${args.name}`);
  return isAbsent(now) ? creation(args, seen, tools) : existing(args, seen, tools, isUnknown(now) ? {} : now);
}

function creation(args: UserArgs, seen: Observed, tools: Tools): Plan {
  const note = noteOf(seen, `account:${args.name}`);
  const defaults = (note['defaults'] ?? {}) as JsonObject;
  const ownGroup = !isAbsent(stateOf(seen, `group:${args.name}`));
  const hash = args.password === undefined ? undefined : args.password_lock ? `!${args.password}` : args.password;
  const wanted: Wanted = {
    uid: args.uid,
    groups: supplementary(args),
    expires: daysOf(args.expires),
    inactive: args.password_expire_account_disable,
    ages: agesOf(args, undefined),
    password: hash !== undefined,
    lock: hash === undefined ? args.password_lock : undefined,
  };
  const home = args.home ?? `${textOf(defaults, 'HOME') || '/home'}/${args.name}`;
  const after = {
    home,
    shell: args.shell ?? (textOf(defaults, 'SHELL') || '/bin/sh'),
    comment: args.comment ?? '',
    groups: supplementary(args),
    system: args.system,
    ...(args.uid === undefined ? {} : { uid: args.uid }),
    ...(args.group === undefined ? {} : { group: args.group }),
  };
  const brings: Bring[] = [];
  if (args.group === undefined && !ownGroup) {
    brings.push({
      of: `group:${args.name}`,
      as: { members: [], ...(args.uid === undefined ? {} : { gid: args.uid }) },
      sure: true,
    });
  }
  if (args.create_home) {
    const skeleton = note['homeThere'] === true ? {} : (note['skeleton'] as JsonObject);
    brings.push(...bringHome(home, skeleton, { owner: args.name, group: args.group ?? args.name }));
  }
  const key = args.generate_ssh_key ? makeKey(args, keyPath(args, home), textOf(note, 'hostname')) : undefined;
  const action: Action = {
    changes: [{ of: `user:${args.name}`, before: ABSENT, after, ...(brings.length > 0 ? { brings } : {}) }],
    step: {
      run: lines(createUser(args, wanted, tools, ownGroup), key?.script),
      ...(hash === undefined ? {} : { stdin: sourceOf(hash) }),
      ...(key === undefined ? {} : { scratch: key.scratch }),
      failure: '',
    },
  };
  return {
    kind: 'plan',
    actions: [action],
    conclude: (outputs) => {
      const sections = readSections(outputs[0]!);
      return {
        ...describe(args, sections.word('passwd')),
        create_home: args.create_home,
        system: args.system,
        ...saidBy(outputs[0]!),
        ...keyData(sections.lines('key'), keyPath(args, home)),
      };
    },
  };
}

/** The keys of a result, from a line of /etc/passwd. */
function describe(args: UserArgs, line: string): JsonObject {
  const [, , uid, gid, comment, home, shell] = line.split(':');
  return {
    name: args.name,
    state: 'present',
    ...(uid === undefined
      ? {}
      : { uid: Number(uid), group: Number(gid), comment: comment!, home: home!, shell: shell! }),
    ...(supplementary(args).length > 0 || args.groups !== undefined ? { groups: supplementary(args).join(',') } : {}),
    ...(args.password === undefined ? {} : { password: 'NOT_LOGGING_PASSWORD' }),
  };
}

function existing(args: UserArgs, seen: Observed, tools: Tools, now: JsonObject): Plan {
  const note = noteOf(seen, `account:${args.name}`);
  const { wanted, after } = difference(args, seen, now, note);
  const line = passwdLine(args, now);
  const told = { ...describe(args, line), append: args.append, move_home: args.move_home };
  const actions: Action[] = [];
  if (Object.keys(after).length > 0) {
    actions.push({
      changes: [{ of: `user:${args.name}`, before: now, after }],
      step: {
        run: modifyUser(args, wanted, tools),
        ...(wanted.password ? { stdin: sourceOf(hashToSet(args, note)) } : {}),
        failure: '',
      },
    });
  }
  const home = args.home ?? textOf(now, 'home');
  const moves = wanted.home !== undefined && wanted.move === true;
  if (args.create_home && note['homeThere'] === false && home !== '' && !moves && !isForeseen(now)) {
    actions.push(missingHome(args, home));
  }
  const key = sshKey(args, note, home);
  if (key.action !== undefined) actions.push(key.action);
  return {
    kind: 'plan',
    actions,
    data: { ...told, ...key.data },
    ...(key.warning === undefined ? {} : { warnings: [key.warning] }),
    conclude: (outputs) => {
      const parts = outputs.map(readSections);
      const passwd = parts.find((part) => part.has('passwd'))?.word('passwd');
      const made = parts.find((part) => part.has('key'));
      return {
        ...told,
        ...(passwd ? describe(args, passwd) : {}),
        ...key.data,
        ...(made === undefined ? {} : keyData(made.lines('key'), keyPath(args, home))),
      };
    },
  };
}

function passwdLine(args: UserArgs, now: JsonObject): string {
  if (now['uid'] === undefined) return '';
  return [
    args.name,
    'x',
    now['uid'],
    now['gid'],
    textOf(now, 'comment'),
    textOf(now, 'home'),
    textOf(now, 'shell'),
  ].join(':');
}

function missingHome(args: UserArgs, home: string): Action {
  const state = { type: 'directory', owner: args.name };
  return {
    changes: [{ of: `file:${home}`, before: ABSENT, after: state }],
    step: {
      run: lines(sh`home=${home}; uid=$(id -u ${args.name}); gid=$(id -g ${args.name})`, makeHome(args)),
      failure: `the home of ${args.name} cannot be made`,
    },
  };
}
