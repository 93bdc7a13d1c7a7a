#!/bin/sh
# Stand-in for Tomcat's own script: the program is Debian's tomcat10, the instance is the folder above this one.
CATALINA_BASE=$(cd "$(dirname "$0")/.." && pwd)
export CATALINA_BASE
exec /usr/share/tomcat10/bin/catalina.sh "$@"
