// The program that stays on the host: a loop in POSIX sh (dash, bash, busybox ash, ksh) that takes requests from its
// standard input and runs each in a child of its own. Everything else of the protocol is in frame.ts.

/** What the loop says of itself when it starts. */
export interface Greeting {
  /** Its process id. */
  readonly pid: number;
  /** bash reads a pipe byte by byte at a price: longer requests go by count. */
  readonly bash: boolean;
  /** There is a `setsid`: users' commands get a session of their own, as sshd gives them. */
  readonly setsid: boolean;
}

/**
 * The argument of `sh -c` that starts everything: it says that it is ready, then runs the first line that it is sent.
 * It holds no single quote, backslash, newline or `!`, so that it passes through fish and csh unharmed.
 */
export function bootstrap(ready: string, terminal = false): string {
  return `${terminal ? 'stty raw -echo; ' : ''}echo ${ready}; IFS= read -r l && eval "$l"`;
}

/** The mark of stderr: another one, as both streams may arrive as one. */
export function errorNonce(nonce: string): string {
  return `${nonce}e`;
}

/** The first thing to send: one line that reads the loop's text, then the text. */
export function program(nonce: string, folder: string): string {
  const text = loop(nonce, folder);
  const count = text.split('\n').length;
  const reader = `N=$(printf "\\nx"); N=\${N%x}; s=; k=${count}; while [ $k -gt 0 ] && IFS= read -r l; do s=$s$l$N; k=$((k-1)); done; eval "$s"`;
  return `${reader}\n${text}\n`;
}

/*
 * direct N TEXT   runs TEXT with the session's own descriptors: quick, for what leaves no process behind.
 * apart N TEXT    runs TEXT with two fifos as stdout and stderr, pumped by a `cat` each. A process that stays and holds
 *                 them is cut off with the pumps when the next request comes, as it would be by sshd; then new fifos are
 *                 made. There are two pairs, a and b, so that the pumps of the next request start while nobody waits.
 *                 Each fifo is first opened both ways: an open that waits for the other end may be interrupted.
 * stock N SIZE NAME     takes SIZE bytes after the request into a file for what follows: its standard input, its script.
 * deliver N SIZE PATH   takes SIZE bytes into PATH.
 * define TEXT     defines functions for all later requests.
 *
 * kept N TEXT     runs TEXT with files as stdout and stderr, and tells them one after the other: for a terminal, where both
 *                 streams are one.
 *
 * Answers: `NONCE:N pump pump` before and `NONCE.N rc` after on stdout, and likewise with a mark of its own on stderr. What is not between the two is nobody's.
 * When a payload could not be taken whole, the loop ends: what is left of it must not be read as a request.
 */
function loop(nonce: string, folder: string): string {
  return `
unset N s k l
_t_n=${nonce}
_t_m=${errorNonce(nonce)}
_t_d=
_t_f=a
_t_p=
_t_q=
_t_x=
_t_l='
'
_t_take() { head -c "$1"; }
[ "$(printf ab | head -c 1 2>/dev/null)" = a ] || _t_take() { dd bs=1 count="$1" 2>/dev/null; }
_t_place() {
  [ -z "$_t_d" ] || return 0
  for _t_b in /dev/shm /tmp /var/tmp "$HOME"; do
    mkdir -m 700 "$_t_b/${folder}" 2>/dev/null || continue
    _t_d=$_t_b/${folder}
    trap 'rm -rf "$_t_d"' 0
    mkfifo "$_t_d/ao" "$_t_d/ae" "$_t_d/bo" "$_t_d/be" 2>/dev/null && return 0
    rm -rf "$_t_d"
    _t_d=
  done
  return 1
}
_t_pump() {
  exec 7<>"$_t_d/\${_t_f}o" 8>"$_t_d/\${_t_f}o" 6<"$_t_d/\${_t_f}o" 7>&-
  cat <&6 6<&- 8>&- & _t_p=$!
  exec 7<>"$_t_d/\${_t_f}e" 9>"$_t_d/\${_t_f}e" 6<"$_t_d/\${_t_f}e" 7>&-
  cat <&6 >&2 6<&- 8>&- 9>&- & _t_q=$!
  exec 6<&-
}
_t_ours() {
  [ -r /proc/self/stat ] || return 0
  _t_b=
  IFS=' ' read -r _t_a _t_a _t_a _t_b _t_a <"/proc/$1/stat" && [ "$_t_b" = "$$" ]
}
_t_settle() {
  _t_ours "$_t_x" && kill "$_t_x"
  _t_ours "$_t_y" && kill "$_t_y"
  wait "$_t_x"; _t_a=$?
  wait "$_t_y"; _t_a=$_t_a$?
  _t_x=
  [ "$_t_a" = 00 ] || { rm -f "$_t_d/\${_t_g}o" "$_t_d/\${_t_g}e"; mkfifo "$_t_d/\${_t_g}o" "$_t_d/\${_t_g}e"; }
} 2>/dev/null
direct() {
  _t_i=$1 _t_s=$2
  echo "$_t_n:$_t_i $_t_p $_t_q"; echo "$_t_m:$_t_i" >&2
  ( set --; eval "$_t_s" ) 8>&- 9>&-
  echo "$_t_n.$_t_i $?"; echo "$_t_m.$_t_i" >&2
}
apart() {
  _t_place || { direct "$1" "$2"; return; }
  [ -n "$_t_p" ] || _t_pump
  _t_i=$1 _t_s=$2
  echo "$_t_n:$_t_i $_t_p $_t_q"; echo "$_t_m:$_t_i" >&2
  ( set --; eval "$_t_s" ) >&8 2>&9 8>&- 9>&-
  echo "$_t_n.$_t_i $?" >&8; echo "$_t_m.$_t_i" >&9
  exec 8>&- 9>&-
  _t_x=$_t_p _t_y=$_t_q _t_g=$_t_f
  [ "$_t_f" = a ] && _t_f=b || _t_f=a
  _t_pump
}
kept() {
  _t_place || _t_lame "$1"
  _t_i=$1 _t_s=$2
  ( set --; eval "$_t_s" ) >"$_t_d/ko" 2>"$_t_d/ke"
  _t_a=$?
  echo "$_t_n:$_t_i"; cat "$_t_d/ko"; echo "$_t_n.$_t_i $_t_a"
  echo "$_t_m:$_t_i"; cat "$_t_d/ke"; echo "$_t_m.$_t_i"
  rm -f "$_t_d/ko" "$_t_d/ke"
}
_t_lame() {
  echo "$_t_n:$1"; echo "$_t_n.$1 lame"; echo "$_t_m:$1" >&2; echo "$_t_m.$1" >&2
  exit 1
}
stock() {
  _t_place && ( umask 077; _t_take "$2" >"$_t_d/$3" ) 2>/dev/null || _t_lame "$1"
}
deliver() {
  echo "$_t_n:$1"; echo "$_t_m:$1" >&2
  ( umask 077; _t_take "$2" >"$3" ); _t_a=$?
  echo "$_t_n.$1 $_t_a"; echo "$_t_m.$1" >&2
  [ "$_t_a" = 0 ] || exit 1
}
define() {
  ( eval "$1" ) && eval "$1"
}
[ -z "\${BASH_VERSION-}" ] && _t_a=sh || _t_a=bash
command -v setsid >/dev/null 2>&1 && _t_b=setsid || _t_b=no
echo "$_t_n:0"; echo "$$ $_t_a $_t_b"; echo "$_t_n.0 0"; echo "$_t_m:0" >&2; echo "$_t_m.0" >&2
while IFS= read -r _t_k; do
  case $_t_k in
    "$_t_n lines "*) _t_s=; _t_k=\${_t_k##* }
      while [ "$_t_k" -gt 0 ]; do IFS= read -r _t_a || exit 1; _t_s=$_t_s$_t_a$_t_l; _t_k=$((_t_k-1)); done ;;
    "$_t_n bytes "*) _t_s=$(_t_take "\${_t_k##* }") ;;
    *) exit 1 ;;
  esac
  [ -z "$_t_x" ] || _t_settle
  eval "$_t_s"
done`;
}
