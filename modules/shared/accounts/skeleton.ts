// What a new home begins with: the skeleton's folders and files, so that a dry run knows the profile that a later task edits.

import type { Bring } from '../../../engine/model/resource.ts';
import type { Json, JsonObject } from '../../../engine/model/value.ts';
import { lines, type Script, sh } from '../../../engine/module/sh.ts';
import { type Sections, section } from '../sections.ts';

/** Lists a skeleton (default: the one that useradd takes), small files with their text. */
export function skeletonScript(folder: string | undefined): Script {
  return lines(
    sh`skeleton=${folder ?? ''}; [ -n "$skeleton" ] || skeleton=$(useradd -D 2>/dev/null | sed -n 's/^SKEL=//p'); [ -n "$skeleton" ] || skeleton=/etc/skel`,
    section('skeleton'),
    sh`[ ! -d "$skeleton" ] || ( cd "$skeleton" && find . ! -name . ! -type l | while read -r file; do
  if [ -d "$file" ]; then kind=directory; else kind=file; fi
  printf '%s\t0%s\t%s\n' "$kind" "$(stat -c %a "$file")" "\${file#./}"
done
find . -type f -size -65 | while read -r file; do
  printf '\036skeleton %s %s\n' "$(sha1sum < "$file" | cut -c 1-40)" "\${file#./}"; cat "$file"
done )`,
  );
}

/** Reads the answer: the skeleton's entries as states by path. */
export function readSkeleton(sections: Sections): JsonObject {
  const texts = new Map<string, JsonObject>();
  for (const name of sections.names()) {
    const match = /^skeleton (\S+) (.*)$/s.exec(name);
    if (match !== null) texts.set(match[2]!, { sha1: match[1]!, content: sections.text(name) });
  }
  return Object.fromEntries(
    sections.lines('skeleton').map((line): [string, Json] => {
      const [type = '', mode = '', ...path] = line.split('\t');
      const name = path.join('\t');
      return [name, { type, mode: mode.padStart(4, '0'), ...texts.get(name) }];
    }),
  );
}

/** A new home and what is in it. */
export function bringHome(home: string, skeleton: JsonObject, owner: JsonObject): Bring[] {
  return [
    { of: `file:${home}`, as: { type: 'directory', ...owner }, sure: true },
    ...Object.entries(skeleton).map(([name, state]): Bring => {
      return { of: `file:${home}/${name}`, as: { ...(state as JsonObject), ...owner }, sure: true };
    }),
  ];
}
