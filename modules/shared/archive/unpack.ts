// The shell of unpacking: an archive is known by its first bytes, not by its name, and unpacked by tar or unzip.

import type { LocalFile, LocalFolder, Upload } from '../../../engine/module/contract.ts';
import { lines, raw, type Script, sh } from '../../../engine/module/sh.ts';
import { pathWord } from '../path.ts';

export interface Packed {
  readonly src: LocalFile | LocalFolder | string;
  readonly exclude: readonly string[];
  readonly include: readonly string[];
  readonly extra_opts: readonly string[];
  readonly keep_newer: boolean;
  readonly validate_certs: boolean;
}

export function isAddress(src: Packed['src']): src is string {
  return typeof src === 'string' && /^(?:https?|ftp):\/\//.test(src);
}

/** The archive as a file of the controller that has to go up first. */
export function uploads({ src }: Packed): Upload[] {
  return typeof src === 'object' && src.type === 'file' ? [{ name: 'archive', bytes: src }] : [];
}

/** A folder of its own, and `$a` as the archive: uploaded, fetched, or where it lies. */
export function workplace(args: Packed): Script {
  const { src } = args;
  const insecure = args.validate_certs ? [] : ['-k'];
  const unchecked = args.validate_certs ? [] : ['--no-check-certificate'];
  return lines(
    sh`work=$(mktemp -d 2>/dev/null) || { work=/tmp/troupe-$$; mkdir -m 700 "$work" || exit 1; }
into=$work/x; mkdir "$into" || exit 1; trap 'rm -rf "$work" "$SCRATCH"' EXIT`,
    typeof src !== 'string'
      ? sh`a=$SCRATCH/archive`
      : isAddress(src)
        ? sh`a=$work/archive; { curl -fsSL ${insecure} -o "$a" ${src} || wget -q ${unchecked} -O "$a" ${src}; } 2>"$work/err" || { echo ${`Failure downloading ${src}`} >&2; cat "$work/err" >&2; exit 3; }`
        : sh`a=${pathWord(src)}`,
  );
}

/** Unpacks `$a` into `$into` and sets `$handler`. */
export function unpacking(args: Packed): Script {
  const excluded = args.exclude.map((name) => `--exclude=${name}`);
  const zipExcluded = args.exclude.length === 0 ? raw('') : raw(sh`-x ${args.exclude}`);
  const newer = args.keep_newer ? ['--keep-newer-files'] : [];
  return sh`unpack() {
case $(head -c 4 "$a" 2>/dev/null | od -An -tx1 | tr -d ' \n') in
504b*) handler=ZipArchive; command -v unzip >/dev/null 2>&1 || { echo 'unzip was not found on the host' >&2; return 1; }
  unzip -qq -o ${args.extra_opts} "$a" ${args.include} ${zipExcluded} -d "$into" ;;
1f8b*) handler=TgzArchive ;;
*) handler=TarArchive ;;
esac || return 1
[ "$handler" = ZipArchive ] || tar -x -f "$a" -C "$into" ${newer} ${excluded} ${args.extra_opts} ${args.include}
}
unpack >"$work/out" 2>"$work/err" || { cat "$work/err" >&2; exit 4; }`;
}
