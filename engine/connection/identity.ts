// What this side can prove itself with, in the order in which it is tried: the key that was named, the agent's, further
// keys, then the password, once.

import { readFileSync } from 'node:fs';
import ssh2, {
  type OpenSSHAgent as Agent,
  type AnyAuthMethod,
  type AuthenticationType,
  type IdentityCallback,
  type ParsedKey,
  type SignCallback,
  type SigningRequestOptions,
} from 'ssh2';
import type { SshSettings } from './sshsettings.ts';

// A CommonJS package: not all of its names can be imported one by one.
const { BaseAgent, OpenSSHAgent, utils } = ssh2;

export interface Secrets {
  readonly password: string | undefined;
  readonly passphrase: string | undefined;
}

/** One login's attempts. */
export class Identity {
  readonly #settings: SshSettings;
  readonly #secrets: Secrets;
  readonly #queue: AnyAuthMethod[];
  #methods: readonly string[] = [];
  #passwordTold = false;
  /** What could not be used, for the message when nothing worked. */
  readonly notes: string[] = [];

  constructor(settings: SshSettings, secrets: Secrets) {
    this.#settings = settings;
    this.#secrets = secrets;
    this.#queue = settings.methods.publickey ? this.#keys() : [];
    // Without a key the host must first say what it takes.
    if (this.#queue.length === 0) this.#queue.push({ type: 'none', username: settings.user });
  }

  /** What the host would still take, as it said last: `publickey,password`. */
  get offered(): string {
    return this.#methods.join(',');
  }

  get passwordTried(): boolean {
    return this.#passwordTold;
  }

  /** The next attempt, or false when there is none. */
  next(left: readonly AuthenticationType[] | null): AnyAuthMethod | false {
    if (left !== null) this.#methods = left;
    for (;;) {
      const method = this.#queue.shift();
      if (method === undefined) return this.#password();
      const name = method.type === 'agent' ? 'publickey' : method.type;
      if (method.type === 'none' || left === null || left.includes(name)) return method;
    }
  }

  #password(): AnyAuthMethod | false {
    const { password } = this.#secrets;
    const { methods, user } = this.#settings;
    if (password === undefined || this.#passwordTold) return false;
    if (methods.password && this.#methods.includes('password')) {
      this.#passwordTold = true;
      return { type: 'password', username: user, password };
    }
    if (!methods.interactive || !this.#methods.includes('keyboard-interactive')) return false;
    let told = false;
    return {
      type: 'keyboard-interactive',
      username: user,
      prompt: (_name, _instructions, _language, prompts, finish) => {
        this.#passwordTold ||= prompts.length > 0;
        // Asked again, it was wrong (or it is a one-time code, which nobody can give).
        finish(told ? prompts.map(() => '') : prompts.map((prompt) => (prompt.echo ? '' : password)));
        told ||= prompts.length > 0;
      },
    };
  }

  #keys(): AnyAuthMethod[] {
    const { user, agent, identitiesOnly, identityFiles } = this.#settings;
    const named: AnyAuthMethod[] = [];
    for (const file of identityFiles) {
      const key = this.#read(file);
      if (key !== undefined) named.push({ type: 'publickey', username: user, key });
    }
    if (agent === undefined) return named;
    const held = identitiesOnly ? new OnlyAgent(agent, identityFiles) : new OpenSSHAgent(agent);
    // Named keys first: an agent full of keys would use up the attempts that sshd allows.
    return [...named, { type: 'agent', username: user, agent: held }];
  }

  #read(file: string): ParsedKey | undefined {
    let text: Buffer;
    try {
      text = readFileSync(file);
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code !== 'ENOENT') this.notes.push(`${file}: ${(error as Error).message}`);
      else this.notes.push(`${file}: no such file`);
      return undefined;
    }
    const parsed = utils.parseKey(text, this.#secrets.passphrase);
    if (parsed instanceof Error) {
      const encrypted = /encrypted|passphrase/i.test(parsed.message) && this.#secrets.passphrase === undefined;
      this.notes.push(`${file}: ${encrypted ? 'it is encrypted and no passphrase was given' : parsed.message}`);
      return undefined;
    }
    const key = Array.isArray(parsed) ? parsed[0] : parsed;
    return key?.isPrivateKey() ? key : undefined;
  }
}

/** The agent, seen through IdentitiesOnly: only keys whose public part lies beside a named file. */
class OnlyAgent extends BaseAgent<ParsedKey> {
  readonly #agent: Agent;
  readonly #allowed: readonly Buffer[];

  constructor(socket: string, files: readonly string[]) {
    super();
    this.#agent = new OpenSSHAgent(socket);
    this.#allowed = files.flatMap((file) => {
      try {
        const parsed = utils.parseKey(readFileSync(file.endsWith('.pub') ? file : `${file}.pub`));
        return parsed instanceof Error ? [] : [parsed].flat().map((key) => key.getPublicSSH());
      } catch {
        return [];
      }
    });
  }

  override getIdentities(callback: IdentityCallback<ParsedKey>): void {
    this.#agent.getIdentities((error, keys) => {
      if (error) return callback(error);
      const mine = (keys ?? []).filter((key) =>
        this.#allowed.some((allowed) => allowed.equals((key as ParsedKey).getPublicSSH())),
      );
      callback(undefined, mine as ParsedKey[]);
    });
  }

  override sign(
    key: ParsedKey,
    data: Buffer,
    options: SigningRequestOptions | SignCallback,
    callback?: SignCallback,
  ): void {
    if (typeof options === 'function') this.#agent.sign(key, data, options);
    else this.#agent.sign(key, data, options, callback);
  }
}
