#!/bin/sh
# keep-net-admin UID:GID COMMAND…: leaves root and keeps NET_ADMIN alone, as an ambient capability. The agent needs it
# to end the sockets of one switched-off user (ss -K). A capability on the file of ss would be ignored here, because of
# no-new-privileges. Without NET_ADMIN the program runs too, and says that live connections cannot be ended.
set -eu
uid=${1%:*}
gid=${1#*:}
shift
[ "$(id -u)" = 0 ] || exec "$@"
as="setpriv --reuid $uid --regid $gid --clear-groups --no-new-privs"
$as --inh-caps=-all,+net_admin --ambient-caps=-all,+net_admin true 2>/dev/null &&
  exec $as --inh-caps=-all,+net_admin --ambient-caps=-all,+net_admin "$@"
exec $as --inh-caps=-all "$@"
