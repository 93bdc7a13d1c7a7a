#!/bin/sh
# Placeholder: the role zstack_schema does what this script does in the real package.
echo 'the stand-in has no deploydb.sh: use the role zstack_schema' >&2
exit 1
