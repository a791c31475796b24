#!/bin/sh
# claim-slot DIRECTORY COMMAND…: runs the command with STATE_DIR set to a directory that no other replica uses.
# The lock is on a descriptor that the program inherits: it lasts exactly as long as the program, kill -9 included.
set -eu
slots=$1
shift
number=1
while [ "$number" -le 64 ]; do
  slot=$slots/slot-$number
  [ -d "$slot" ] || mkdir -m 700 "$slot"
  exec 9>>"$slot/lock"
  if flock -n 9; then
    STATE_DIR=$slot exec "$@"
  fi
  exec 9>&-
  number=$((number + 1))
done
echo "proxy-auth cannot start: all 64 state directories in $slots are in use." >&2
exit 1
