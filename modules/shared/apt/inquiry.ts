// The question to apt: what is installed, how old the lists are, what apt-get would do (-s), and what the packages that
// it would install hold. All in one script that changes nothing; with `refresh` apt-get update fills a private folder.

import type { Question } from '../../../engine/module/contract.ts';
import { lines, raw, type Script, sh } from '../../../engine/module/sh.ts';
import { HOLD } from '../hold.ts';
import { section } from '../sections.ts';
import type { PackageSpec } from './specs.ts';

export interface AptInquiry {
  /** What to simulate: words of apt-get before the names. */
  readonly command: readonly string[];
  readonly specs: readonly PackageSpec[];
  /** Names that count are those that are not there yet as asked (`present`), all of them, or those installed (`absent`). */
  readonly select: 'missing' | 'all' | 'installed' | 'none';
  /** A .deb: a path or URL on the host. */
  readonly deb?: string | undefined;
  /** Fetches fresh lists into a private folder first. */
  readonly refresh: boolean;
}

const STAMP = raw(`stamp() {
  if [ -e /var/lib/apt/periodic/update-success-stamp ]; then stat -c %Y /var/lib/apt/periodic/update-success-stamp
  else stat -c %Y /var/lib/apt/lists 2>/dev/null || echo 0; fi
}`);

/** Shell text that prints the time of the last update of the lists. */
export const PRINT_STAMP: Script = lines(sh`${STAMP}`, sh`stamp`);

// Prints the names of a pattern: those apt knows, or the installed ones.
const EXPAND = `expand() {
  pattern=$1
  { if [ "$2" = installed ]; then dpkg-query -W -f '\${Package}\\n' 2>/dev/null; else apt-cache $private pkgnames 2>/dev/null; fi; } |
  sort -u | while read -r known; do case $known in $pattern) echo "$known";; esac; done
}`;

// Adds a name to the words for apt-get, as the selection wants it, and prints what is installed of it.
const PICK = `installed() { dpkg-query -W -f '\${db:Status-Abbrev}\\t\${Version}\\n' "$1" 2>/dev/null | head -n 1; }
pick() {
  name=$1; operator=$2; version=$3; text=$4
  have=$(installed "$name"); there=; config=
  case $have in [ih]i*|[ih][WtUFH]*) there=\${have#*"$tab"};; ?c*) config=\${have#*"$tab"};; esac
  printf 'have\\t%s\\t%s\\t%s\\t%s\\n' "$text" "$name" "$there" "$config"
  case $select in
  missing)
    if [ -n "$there" ]; then
      case $operator in
      '') return;;
      '=') case $version in *[*?[]*) ;; "$there") return;; esac;;
      '>=') dpkg --compare-versions "$there" ge "$version" && return;;
      esac
    fi;;
  installed) if [ -n "$there" ] || { [ -n "$config" ] && [ -n "$purge" ]; }; then :; else return; fi;;
  upgradable) if [ -z "$there" ]; then return; fi;;
  esac
  case $operator in '=') if [ "$select" = installed ]; then words="$words $name"; else words="$words $name=$version"; fi;; *) words="$words $name";; esac
}`;

// Tells of each .deb at hand what it holds: the whole list for those of the same source (or asked for), else its checksums' names.
const CONTENTS = `peek() {
  deb=$1; asked=$2
  printf '\\036deb\\n%s\\n' "$(dpkg-deb -f "$deb" Package)"
  printf '\\036postinst %s\\n' "$deb"; for part in preinst postinst; do dpkg-deb -I "$deb" $part 2>/dev/null; done
  if [ "$asked" = yes ] && [ "$(stat -L -c %s "$deb")" -lt 16000000 ]; then
    printf '\\036listing %s\\n' "$deb"
    dpkg-deb -c "$deb" 2>/dev/null | tee "$hold/list" | grep -v -E ' \\./usr/share/(doc|man|locale|lintian|info|bug|icons|perl|perl5|zoneinfo)/.'
    sed -n 's/^-.* \\(\\.\\/etc\\/.*\\)$/\\1/p; s/^-.* \\(\\.\\/usr\\/lib\\/sysusers\\.d\\/.*\\)$/\\1/p' "$hold/list" > "$hold/wanted"
    if [ -s "$hold/wanted" ]; then
      mkdir -p "$hold/tree" && dpkg-deb --fsys-tarfile "$deb" | tar -x -C "$hold/tree" -T "$hold/wanted" 2>/dev/null
      ( cd "$hold/tree" && find . -type f -size -257k | while read -r file; do
        printf '\\036content %s %s\\n' "$(sha1sum < "$file" | cut -c 1-40)" "\${file#.}"; cat "$file"
      done )
      rm -rf "$hold/tree"
    fi
  else
    printf '\\036paths %s\\n' "$deb"
    { dpkg-deb -I "$deb" md5sums 2>/dev/null | sed 's/^[0-9a-f]*  */\\//'; dpkg-deb -I "$deb" conffiles 2>/dev/null; } |
      grep -v -E '^/usr/share/(doc|man|locale|lintian|info|bug|icons|perl|perl5|zoneinfo)/'
  fi
}
decode() { sed 's/%2[bB]/+/g; s/%7[eE]/~/g; s/%3[aA]/:/g; s/%20/ /g; s/%25/%/g'; }
sources() { apt-cache $private show --no-all-versions "$@" 2>/dev/null | sed -n 's/^Package: //p; s/^Source: \\([^ ]*\\).*/=\\1/p' | awk '/^=/{print last "\\t" substr($0,2); last=""; next} {if (last!="") print last "\\t" last; last=$0} END {if (last!="") print last "\\t" last}'; }`;

// apt writes its caches and a log even when it only simulates: here into the script's own folder.
const OWN_CACHE = sh`mkdir "$hold/cache"; cp -p /var/cache/apt/pkgcache.bin /var/cache/apt/srcpkgcache.bin "$hold/cache/" 2>/dev/null
printf 'Dir::Cache::pkgcache "%s/cache/pkgcache.bin";\nDir::Cache::srcpkgcache "%s/cache/srcpkgcache.bin";\nDir::Log "%s";\n' "$hold" "$hold" "$hold" > "$hold/apt.conf"
export APT_CONFIG="$hold/apt.conf"`;

/** Builds the question's script; `read` is the caller's. */
export function aptScript(inquiry: AptInquiry, options: readonly string[]): Script {
  return lines(
    sh`command -v apt-get >/dev/null 2>&1 || { ${raw(section('none'))}; exit 0; }`,
    sh`export DEBIAN_FRONTEND=noninteractive; tab=$(printf '\t'); private=; words=`,
    HOLD,
    OWN_CACHE,
    sh`select=${inquiry.select}; purge=${inquiry.command.includes('--purge') ? 'yes' : ''}`,
    sh`${STAMP}`,
    section('stamp'),
    sh`stamp; date +%s; ls /var/lib/apt/lists | grep -c -E 'Packages|Release'`,
    inquiry.refresh && refreshLists(),
    sh`${raw(EXPAND)}`,
    sh`${raw(PICK)}`,
    section('names'),
    ...inquiry.specs.map(pick),
    inquiry.deb !== undefined && debFile(inquiry.deb),
    section('words'),
    sh`echo "$words"`,
    section('simulation'),
    inquiry.select === 'none'
      ? sh`apt-get $private -s -y ${inquiry.command} 2>"$hold/errors"; rc=$?`
      : sh`if [ -n "$words" ] || [ -n ${inquiry.command.includes('-t') ? 'release' : ''} ]; then apt-get $private -s -y ${inquiry.command} $words 2>"$hold/errors"; rc=$?; else rc=0; : >"$hold/errors"; fi`,
    sh`${raw(section('errors'))}; cat "$hold/errors"; ${raw(section('rc'))}; echo "$rc"`,
    sh`${raw(section('policy'))}; if [ -x /usr/sbin/policy-rc.d ]; then /usr/sbin/policy-rc.d x start >/dev/null 2>&1; echo $?; fi`,
    options.includes('contents') && contents(inquiry),
  );
}

function pick(spec: PackageSpec): Script {
  const given = [spec.operator ?? '', spec.version ?? '', spec.text];
  if (!spec.wild) return sh`pick ${spec.name} ${given}`;
  return sh`found=$(expand ${spec.name} "$select")
if [ -z "$found" ]; then printf 'unmatched\t%s\n' ${spec.text}; fi
for name in $found; do pick "$name" ${given}; done`;
}

function refreshLists(): Script {
  return lines(
    sh`mkdir -p "$hold/lists/partial"; cp -a /var/lib/apt/lists/*_* "$hold/lists/" 2>/dev/null`,
    sh`private="-o Dir::State::lists=$hold/lists -o Dir::Cache::pkgcache= -o Dir::Cache::srcpkgcache= -o APT::Sandbox::User=root -o Debug::NoLocking=1 -o APT::Update::Post-Invoke-Success::= -o APT::Update::Post-Invoke::="`,
    section('refresh'),
    sh`apt-get $private -q -y update >"$hold/update" 2>&1; echo $?; grep -E '^(E|W):' "$hold/update"`,
  );
}

/** Gets a .deb from its address into `$hold`, and says in `$deb` where it is; `otherwise` runs when it cannot be had. */
export function fetchDeb(address: string, otherwise: Script): Script {
  return sh`/usr/lib/apt/apt-helper -o APT::Sandbox::User=root download-file ${address} "$hold/package.deb" >/dev/null 2>"$hold/fetch" || curl -fsSL -o "$hold/package.deb" ${address} 2>>"$hold/fetch" || wget -q -O "$hold/package.deb" ${address} 2>>"$hold/fetch" || { ${raw(otherwise)}; }
deb=$hold/package.deb`;
}

function debFile(deb: string): Script {
  const fetch = deb.includes('://') ? fetchDeb(deb, sh`${raw(section('fetch'))}; cat "$hold/fetch"`) : sh`deb=${deb}`;
  return lines(
    fetch,
    section('deb-file'),
    sh`if [ -r "$deb" ]; then
  dpkg-deb -f "$deb" Package Version Architecture 2>&1
  have=$(installed "$(dpkg-deb -f "$deb" Package 2>/dev/null)")
  case $have in [ih]i*) echo "Installed: ${raw('${have#*"$tab"}')}";; esac
  words=$deb
else echo Missing; fi`,
  );
}

/** Which of the packages that would come are at hand as files, and what is in them. */
function contents(inquiry: AptInquiry): Script {
  const asked = inquiry.specs.map((spec) => spec.name.replace(/:.*$/, ''));
  return sh`if [ -n "$words" ] && [ "$rc" = 0 ]; then
${raw(CONTENTS)}
  apt-get $private -y -qq --print-uris ${inquiry.command} $words 2>/dev/null | sed -n "s/^'file:\/*\([^']*\)' .*/\/\1/p" | decode > "$hold/uris"
  apt-get $private -s -y ${inquiry.command} $words 2>/dev/null | sed -n 's/^Inst \([^ :]*\)[^(]*(\([^ ]*\).*\[\([^]]*\)\].*/\1 \2 \3/p' > "$hold/coming"
  sed 's/^\([^ ]*\) \([^ ]*\) \(.*\)$/\1_\2_\3.deb/; s/:/%3a/g; s/^/\/var\/cache\/apt\/archives\//' "$hold/coming" >> "$hold/uris"
  [ -n "$deb" ] && echo "$deb" >> "$hold/uris"
  same=" $(sources $(cut -d ' ' -f 1 "$hold/coming") > "$hold/sources"; for one in ${asked}; do sed -n "s/^$one$tab//p" "$hold/sources"; done | sort -u | tr '\n' ' ')"
  while read -r file; do
    [ -r "$file" ] || continue
    package=$(dpkg-deb -f "$file" Package); source=$(sed -n "s/^$package$tab//p" "$hold/sources" | head -n 1); near=no
    case "$same" in *" $source "*) near=yes;; esac
    [ "$file" = "$deb" ] && near=yes
    peek "$file" "$near"
  done < "$hold/uris"
fi`;
}

export function aptQuestion(inquiry: AptInquiry, read: Question['read'], options: readonly string[]): Question {
  return { kind: 'question', script: aptScript(inquiry, options), read };
}
