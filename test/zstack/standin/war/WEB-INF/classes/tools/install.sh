#!/bin/sh
# Installs a tool as the real script does: a program under /usr/bin, or the UI's init script.
here=$(cd "$(dirname "$0")/.." && pwd)
case ${1:-} in
  zstack-cli | zstack-ctl) target=/usr/bin/$1 ;;
  zstack-dashboard) target=/etc/init.d/zstack-dashboard ;;
  *)
    echo "usage: $0 zstack-cli|zstack-ctl|zstack-dashboard" >&2
    exit 1
    ;;
esac
cat > "$target" <<END
#!/bin/sh
# Stand-in for $1.
case \${1:-} in
  show_configuration) cat "$here/zstack.properties" ;;
  *) echo "ERROR: the stand-in of $1 does not know \${1:-nothing}" >&2; exit 1 ;;
esac
END
chmod 0755 "$target"
