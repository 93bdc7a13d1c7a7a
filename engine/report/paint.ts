// Colours by what they mean, each of which the section [colors] of ansible.cfg may change.

/** The colours that settings name, with Ansible's defaults. */
export const DEFAULT_COLOURS = {
  ok: 'green',
  changed: 'yellow',
  skip: 'cyan',
  error: 'red',
  unreachable: 'bright red',
  verbose: 'blue',
  warn: 'bright purple',
  deprecate: 'purple',
  debug: 'dark gray',
  highlight: 'white',
  diff_add: 'green',
  diff_remove: 'red',
  diff_lines: 'cyan',
} as const;

export type Meaning = keyof typeof DEFAULT_COLOURS;
export type Palette = Readonly<Record<Meaning, string>>;

const CODES: Readonly<Record<string, string>> = {
  black: '0;30',
  'bright gray': '0;37',
  blue: '0;34',
  white: '1;37',
  green: '0;32',
  'bright blue': '1;34',
  cyan: '0;36',
  'bright green': '1;32',
  red: '0;31',
  'bright cyan': '1;36',
  purple: '0;35',
  'bright red': '1;31',
  yellow: '0;33',
  'bright purple': '1;35',
  'dark gray': '1;30',
  'bright yellow': '1;33',
  magenta: '0;35',
  'bright magenta': '1;35',
  normal: '0',
};

/** True for a colour that `paint` knows: a name, `colorN`, `rgbRGB` or `grayN`. */
export function isColour(name: string): boolean {
  return codeOf(name) !== undefined;
}

function codeOf(name: string): string | undefined {
  if (Object.hasOwn(CODES, name)) return CODES[name];
  const color = /^color(\d+)$/.exec(name);
  if (color) return `38;5;${color[1]}`;
  const rgb = /^rgb([0-5])([0-5])([0-5])$/.exec(name);
  if (rgb) return `38;5;${16 + 36 * Number(rgb[1]) + 6 * Number(rgb[2]) + Number(rgb[3])}`;
  const gray = /^gray(\d+)$/.exec(name);
  if (gray) return `38;5;${232 + Number(gray[1])}`;
  return undefined;
}

/** Wraps each line of the text in the colour, so that a cut line never leaves a terminal coloured. */
export function paint(text: string, colour: string | undefined, on: boolean): string {
  const code = on && colour !== undefined ? codeOf(colour) : undefined;
  if (code === undefined) return text;
  return text
    .split('\n')
    .map((line) => `\u001b[${code}m${line}\u001b[0m`)
    .join('\n');
}
