// Banners: a title and stars up to the edge, measured in columns of a terminal, not in characters.

/** Columns that a terminal gives to the text: East Asian wide characters and emoji take two, combining marks none. */
export function columnsOf(text: string): number {
  let columns = 0;
  for (const character of text) {
    const code = character.codePointAt(0)!;
    if (/\p{M}|\p{Cf}/u.test(character)) continue;
    columns += isWide(code) ? 2 : 1;
  }
  return columns;
}

function isWide(code: number): boolean {
  return (
    (code >= 0x1100 && code <= 0x115f) ||
    (code >= 0x2e80 && code <= 0xa4cf && code !== 0x303f) ||
    (code >= 0xac00 && code <= 0xd7a3) ||
    (code >= 0xf900 && code <= 0xfaff) ||
    (code >= 0xfe30 && code <= 0xfe6f) ||
    (code >= 0xff00 && code <= 0xff60) ||
    (code >= 0xffe0 && code <= 0xffe6) ||
    (code >= 0x1f300 && code <= 0x1faff) ||
    (code >= 0x20000 && code <= 0x3fffd)
  );
}

/** A banner as Ansible prints it: a blank line, the title, a space and at least three stars up to the width. */
export function banner(title: string, width: number): string {
  const text = title.trim();
  return `\n${text} ${'*'.repeat(Math.max(3, width - columnsOf(text)))}\n`;
}
