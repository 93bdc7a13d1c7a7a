// Privilege escalation as data: how each method's command line looks, how it asks for a password, and how it says no.

import { randomBytes } from 'node:crypto';
import { ConnectionError } from '../model/errors.ts';
import type { Become } from './contract.ts';
import { quoteAnywhere } from './transport.ts';
import { shellWords } from './words.ts';

export interface Escalation {
  readonly method: string;
  readonly password: string | undefined;
  /** The method takes a password from a terminal only. */
  readonly terminal: boolean;
  /** What asking for the password looks like at the end of what was said. */
  readonly prompt: RegExp;
  /** The command line that runs the program as the other user. */
  argv(program: readonly string[]): readonly string[];
}

interface Method {
  readonly exe: string;
  /** What Ansible uses when become_flags are not given. */
  readonly flags: string;
  readonly terminal?: boolean;
  argv(context: Context, program: readonly string[]): readonly string[];
}

interface Context {
  readonly exe: readonly string[];
  readonly flags: readonly string[];
  readonly user: string;
  readonly password: string | undefined;
  readonly prompt: string;
}

/** "Password" in the languages that su and doas are translated to. */
const PASSWORD_WORDS =
  'password|passwort|mot de passe|contraseña|contrasenya|senha|palavra-passe|wachtwoord|lösenord|passord|adgangskode|salasana|parool|hasło|heslo|geslo|lozinka|jelszó|parola|pasahitza|contrasinal|пароль|парола|лозинка|סיסמה|密码|密碼|口令|パスワード|암호|비밀번호|mật khẩu|كلمة السر|פסווערטער';
const ANY_PROMPT = new RegExp(`(?:${PASSWORD_WORDS})[^\\n]{0,60}?[:：]\\s*$`, 'iu');

const METHODS: Readonly<Record<string, Method>> = {
  sudo: {
    exe: 'sudo',
    flags: '-H -S -n',
    argv({ exe, flags, user, password, prompt }, program) {
      // With a password sudo may ask: by a prompt that is known, on stdin, once.
      const asking = password === undefined ? flags : [...flags.flatMap(withoutNonInteractive), '-p', prompt];
      const fromStdin = password !== undefined && !asking.includes('-S') && !asking.includes('--stdin') ? ['-S'] : [];
      return [...exe, ...asking, ...fromStdin, '-u', user, ...program];
    },
  },
  su: {
    exe: 'su',
    flags: '',
    argv: ({ exe, flags, user }, program) => [...exe, ...flags, user, '-c', program.map(quoteAnywhere).join(' ')],
  },
  doas: {
    exe: 'doas',
    flags: '',
    terminal: true,
    argv: ({ exe, flags, user, password }, program) => [
      ...exe,
      ...flags,
      ...(password === undefined ? ['-n'] : []),
      '-u',
      user,
      ...program,
    ],
  },
};

/** `-n` out of a word of flags (`-n`, `-Hn`, `--non-interactive`). */
function withoutNonInteractive(flag: string): readonly string[] {
  if (flag === '--non-interactive') return [];
  if (!/^-[A-Za-z]+$/.test(flag)) return [flag];
  const rest = flag.replaceAll('n', '');
  return rest === '-' ? [] : [rest];
}

/** How to become the user. Throws ConnectionError for a method that is not known. */
export function escalation(become: Become): Escalation {
  const method = Object.hasOwn(METHODS, become.method) ? METHODS[become.method]! : undefined;
  if (method === undefined) {
    const known = Object.keys(METHODS).join(', ');
    throw new ConnectionError('unsupported', `become method "${become.method}" is not supported`, {
      hint: `use one of: ${known}`,
    });
  }
  const key = randomBytes(12).toString('hex');
  const context: Context = {
    exe: shellWords(become.exe || method.exe),
    flags: shellWords(become.flags ?? method.flags),
    user: become.user,
    password: become.password,
    prompt: `[${become.method}, key=${key}] password:`,
  };
  return {
    method: become.method,
    password: become.password,
    terminal: method.terminal === true && become.password !== undefined,
    prompt: become.method === 'sudo' ? new RegExp(`key=${key}\\] password:`) : ANY_PROMPT,
    argv: (program) => method.argv(context, program),
  };
}
