#!/bin/sh
# What `./vpn` does with containers: init, up, down, upgrade, owner reset, and the command line without Node. It needs
# Docker and its compose plugin, nothing else. Started by ./vpn with the checkout as VPN_ROOT.
set -eu
root=${VPN_ROOT:?Start this through ./vpn}
cd "$root"

say() { printf '%s\n' "$*" >&2; }
fail() {
  say "vpn: $*"
  exit 1
}
setting() { sed -n "s/^$1=//p" "$root/.env" 2>/dev/null | head -n 1; }
compose() { docker compose --ansi never --progress plain "$@"; }
# Before there is an .env the file's own questions have no answers yet.
blank_compose() { CAUSEWAY_TRAEFIK=192.0.2.2 CAUSEWAY_SUBNET=192.0.2.0/24 CAUSEWAY_IP_RANGE=192.0.2.128/25 compose "$@"; }
version=${CAUSEWAY_VERSION:-$(sed -n 's/^ *"version": "\(.*\)",$/\1/p' package.json | head -n 1)}
export CAUSEWAY_VERSION="$version"

need_docker() {
  command -v docker >/dev/null 2>&1 || fail "Docker is missing. Install it (https://docs.docker.com/engine/install/)."
  docker compose version >/dev/null 2>&1 || fail "Docker's compose plugin is missing. Install docker-compose-plugin."
  docker info >/dev/null 2>&1 || fail "Docker does not answer. Start it (systemctl start docker), or run this as root."
}
need_init() {
  home=$(setting CAUSEWAY_HOME)
  [ -n "$home" ] || fail "Nothing is set up here yet. Run first: ./vpn init"
}
need_root() { [ "$(id -u)" = 0 ] || fail "This gives files to other users: run it as root (sudo ./vpn $1)."; }

# The tools image with the host's volumes; only root's rights over files.
tools() {
  docker run --rm -i --network host --read-only --tmpfs /tmp --cap-drop ALL --cap-add CHOWN --cap-add FOWNER \
    --cap-add DAC_OVERRIDE --security-opt no-new-privileges -e CAUSEWAY_DATA_DIR="$home/config" -e NO_COLOR \
    -e ALLOWED_PRIVATE_TARGETS -e REALITY_TARGET -e OTLP_ENDPOINT -e TRACE_SAMPLE_RATIO -e GRAFANA_URL -e JAEGER_URL \
    -e SOCKS_UDP_PORTS -e CONNECTION_HISTORY_DAYS -e PROXY_AUTH_WORKERS -e DOORS_MAX_TUNNELS -e DOORS_USER_MAX_TUNNELS \
    -e DOORS_USER_TUNNELS_PER_SECOND -e DOORS_IP_MAX_TUNNELS -e DOORS_IP_TUNNELS_PER_SECOND \
    -e DOORS_HANDSHAKE_SECONDS -e DOORS_HEADER_SECONDS -e DOORS_CONNECT_SECONDS -e DOORS_IDLE_SECONDS \
    -e DOORS_LIFETIME_SECONDS -e DOORS_DIRECT \
    -e LOG_LEVEL -e LOG_DESTINATIONS -e LOG_FILE_MB -e LOG_TOTAL_MB -e LOG_KEEP_DAYS \
    -v "$home:$home" "causeway/tools:$version" "$@"
}

# The password is in a file until somebody has seen it, and then nowhere.
take_password() {
  unseen=$home/config/secrets/owner-password.unseen
  password=
  if [ -f "$unseen" ]; then
    password=$(cat "$unseen")
    rm -f "$unseen"
  fi
}
show_password() {
  take_password
  [ -z "$password" ] || printf '\n  Panel     %s\n  Sign in   owner  %s   <- shown only now: keep it\n\n' \
    "$(setting CAUSEWAY_PANEL_URL)" "$password"
}

# Every container runs and is healthy, or its name and the end of its log.
wait_healthy() {
  until=$(($(date +%s) + ${1:-180}))
  while :; do
    waiting=$(compose ps -a --format '{{.Service}} {{.State}} {{.Health}} {{.ExitCode}}' | awk '
      $1 == "migrate" { if ($2 == "exited" && $NF != 0) print $1; next }
      $2 != "running" || $3 == "starting" || $3 == "unhealthy" { print $1 }' | sort -u | tr '\n' ' ')
    [ -n "$waiting" ] || return 0
    [ "$(date +%s)" -lt "$until" ] || break
    sleep 1
  done
  for name in $waiting; do
    say "--- $name"
    compose logs --no-log-prefix --tail 8 "$name" >&2 || true
  done
  fail "These do not get ready: $waiting(see above, or: ./vpn logs, docker compose ps)"
}

usage_init() {
  cat <<'END'
Usage: vpn init [options]     sets this server up for Docker; safe to repeat

  --host NAME               the name or address people use (default: address of the default route)
  --acme-email EMAIL        certificate from Let's Encrypt for --host
  --acme-challenge KIND     http (port 80, default) or tls (port 443)
  --acme-server URL         another ACME server
  --certificate FILE --key FILE   a certificate of your own
  --self-signed             back to the certificate of this server's own CA (default)
  --subnet CIDR             network of the containers (default 172.30.80.0/24)
  --port NAME=NUMBER        publish http, https, http-proxy, socks-proxy, dashboard or vpn elsewhere
  --no-monitoring           without Prometheus, Grafana and Jaeger (--monitoring: with them)
  --home DIR                where everything is kept (default /opt/vpn)
  --no-build                use the images that are there

Example: vpn init --host vpn.example.org --acme-email admin@example.org
END
}

init() {
  home=$(setting CAUSEWAY_HOME)
  home=${home:-${CAUSEWAY_HOME:-/opt/vpn}}
  certificate='' key='' build=yes
  count=$#
  while [ "$count" -gt 0 ]; do
    option=$1
    shift
    count=$((count - 1))
    case $option in
      --help | -h) usage_init && exit 0 ;;
      --no-build) build=no ;;
      --home | --certificate | --key)
        [ "$count" -gt 0 ] || fail "$option needs a value. See: vpn init --help"
        case $option in
          --home) home=$1 ;;
          --certificate) certificate=$1 ;;
          --key) key=$1 ;;
        esac
        shift
        count=$((count - 1))
        ;;
      *) set -- "$@" "$option" ;;
    esac
  done
  need_root init
  need_docker
  case $home in /*) ;; *) fail "--home must be an absolute path." ;; esac
  mkdir -p "$home/config" "$home/certs"
  if [ -n "$certificate$key" ]; then
    [ -f "$certificate" ] && [ -f "$key" ] || fail "Give --certificate FILE and --key FILE together."
    install -m 644 "$certificate" "$home/certs/own.crt"
    install -m 600 "$key" "$home/certs/own.key"
    set -- "$@" --own-certificate
  fi
  if [ "$build" = yes ]; then
    say "Building the images (some minutes the first time)..."
    blank_compose build >&2 || fail "The images could not be built: see above."
  fi
  new=$(tools stack/compose/init.ts "$@") || exit 1
  printf '%s\n' "$new" >"$root/.env.new"
  chmod 644 "$root/.env.new"
  mv "$root/.env.new" "$root/.env"
  say "Preparing the database..."
  compose run --rm -T migrate >/dev/null || fail "The database could not be prepared: see above."
  show_password
  say "Set up in $home. Start it with: ./vpn up"
}

up() {
  json=no
  for option in "$@"; do
    shift
    case $option in
      --json) json=yes ;;
      --detach | -d) ;;
      *) set -- "$@" "$option" ;;
    esac
  done
  need_docker
  need_init
  compose up -d --no-build "$@" >&2 || fail "docker compose could not start everything: see above."
  say "Waiting until everything is ready..."
  wait_healthy
  panel=$(setting CAUSEWAY_PANEL_URL)
  if [ "$json" = yes ]; then
    take_password
    [ -z "$password" ] && shown=null || shown="\"$password\""
    printf '{"panelUrl":"%s","apiUrl":"%s/api/v1","owner":{"name":"owner","password":%s},"user":null}\n' \
      "$panel" "$panel" "$shown"
  else
    show_password
    say "Causeway is ready: $panel (./vpn status shows how it does)"
  fi
}

owner() {
  [ "${1-}" = reset ] || fail "Usage: vpn owner reset [--json]"
  need_docker
  need_init
  need_root "owner reset"
  compose run --rm -T migrate stack/compose/prepare.ts --reset-owner >/dev/null || fail "It could not be reset: see above."
  take_password
  case ${2-} in
    --json) printf '{"name":"owner","password":"%s"}\n' "$password" ;;
    *) printf 'owner  %s\nShown only now. Every sign-in of owner has ended.\n' "$password" ;;
  esac
}

# The command line without Node on this machine: the same program from the tools image.
cli() {
  need_docker
  need_init
  tty=
  [ -t 0 ] && [ -t 1 ] && tty=-t
  # shellcheck disable=SC2086
  exec docker run --rm -i $tty --network host --read-only --tmpfs /tmp --cap-drop ALL --cap-add DAC_READ_SEARCH \
    --security-opt no-new-privileges -e CAUSEWAY_DATA_DIR="$home/config" -e NO_COLOR -e TERM \
    -v "$home/config:$home/config:ro" -v "$home/logs:$home/logs:ro" "causeway/tools:$version" cli/main.ts "$@"
}

# shellcheck source=docker/vpn-upgrade.sh
. "$root/docker/vpn-upgrade.sh"

command=${1-}
[ "$#" -eq 0 ] || shift
case $command in
  init) init "$@" ;;
  up) up "$@" ;;
  down)
    need_docker
    need_init
    compose down "$@" >&2
    ;;
  owner) owner "$@" ;;
  upgrade) upgrade "$@" ;;
  cli) cli "$@" ;;
  *) fail "Unknown command $command." ;;
esac
