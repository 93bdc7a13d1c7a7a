// Does a text look like the hash of a password? Ansible warns when it does not.

const DISABLED = new Set(['*', '!', '*************']);
const LENGTH: Readonly<Record<string, number>> = { '1': 22, '5': 43, '6': 86 };

/** True when the text cannot be a crypt(3) hash. */
export function looksUnhashed(password: string): boolean {
  if (DISABLED.has(password)) return false;
  if (/[:*!]/.test(password)) return true;
  const fields = password.split('$');
  if (fields.length < 3) return true;
  const last = fields.at(-1)!;
  if (/[^a-zA-Z0-9./=]/.test(last)) return true;
  const wanted = LENGTH[fields[1]!];
  return wanted !== undefined && last.length !== wanted;
}

export const UNHASHED_WARNING =
  "The input password appears not to have been hashed. The 'password' argument must be encrypted for this module to work properly.";
