# shellcheck shell=sh disable=SC2154
# Sourced by vpn.sh: `vpn upgrade` and its way back.

PROGRAMS="web controller proxy-auth node tools"

usage_upgrade() {
  cat <<'END'
Usage: vpn upgrade [--check | --rollback]

  Get the new version first (git pull), then run this. It looks whether the upgrade can work, keeps a backup of the
  database, the configuration and the old images, migrates, and starts the new programs.

  --check      look only: what would be migrated, and whether anything is in the way
  --rollback   back to what ran before the last upgrade: images, configuration and database of that moment
               (what was counted or changed since then is lost)
END
}

upgrade() {
  case ${1-} in
    --help | -h) usage_upgrade && exit 0 ;;
    '' | --check | --rollback | --no-build) ;;
    *) fail "Unknown option $1. See: vpn upgrade --help" ;;
  esac
  need_root upgrade
  need_docker
  need_init
  backups=$home/data/backups
  case ${1-} in
    --rollback)
      roll_back
      return
      ;;
  esac
  preflight
  if [ "${1-}" != --no-build ]; then
    keep_images
    say "Building the images..."
    compose build >&2 || fail "The images could not be built: see above. Nothing has changed."
  fi
  say "Migrations to come:"
  compose run --rm -T --no-deps -e DATABASE_URL_FILE="$home/config/secrets/database-url" migrate \
    prisma/migrate.ts --pending >&2 || fail "The database could not be asked. Nothing has changed."
  if [ "${1-}" = --check ]; then
    return_images
    say "Nothing is in the way. Start the upgrade with: ./vpn upgrade"
    return
  fi
  back_up
  say "Writing the configuration of the new version..."
  new=$(tools stack/compose/init.ts) || fail "See above. Way back: ./vpn upgrade --rollback"
  printf '%s\n' "$new" >"$root/.env.new" && chmod 644 "$root/.env.new" && mv "$root/.env.new" "$root/.env"
  say "Migrating and starting the new programs..."
  compose run --rm -T migrate >/dev/null || fail "The migration failed: see above. Way back: ./vpn upgrade --rollback"
  compose up -d --no-build --remove-orphans >&2 || fail "See above. Way back: ./vpn upgrade --rollback"
  (wait_healthy) || fail "The new version does not get ready. Way back: ./vpn upgrade --rollback"
  say "Upgraded to $version. Way back, if you need one: ./vpn upgrade --rollback"
}

preflight() {
  compose config -q || fail "docker-compose.yml and .env do not fit together: see above. Run ./vpn init again."
  engine=$(docker version --format '{{.Server.Version}}')
  case $engine in
    [0-9].* | 1[0-9].*) fail "Docker $engine is too old. Install 20.10 or newer." ;;
  esac
  compose up -d --no-build postgres >&2
  tries=60
  until compose exec -T postgres pg_isready -q -h 127.0.0.1 -U postgres; do
    tries=$((tries - 1))
    [ "$tries" -gt 0 ] || fail "PostgreSQL does not answer. Read: docker compose logs postgres"
    sleep 1
  done
  database=$(du -sk "$home/data/postgres" | cut -f 1)
  free=$(df -Pk "$home" | awk 'NR == 2 { print $4 }')
  needed=$((database * 2 + ${UPGRADE_FREE_MB:-2048} * 1024))
  [ "$free" -gt "$needed" ] ||
    fail "$home has $((free / 1024)) MB free, an upgrade needs $((needed / 1024)) MB (backup and images)."
  say "PostgreSQL answers, $((free / 1024)) MB are free, Docker is $engine."
}

# Images are kept under another tag: the new ones may have the same version.
keep_images() {
  for name in $PROGRAMS; do
    docker image inspect "causeway/$name:$version" >/dev/null 2>&1 || continue
    docker tag "causeway/$name:$version" "causeway/$name:before"
  done
  running=$(docker image inspect --format '{{.Id}}' "$(compose images -q web 2>/dev/null | head -n 1)" 2>/dev/null || true)
  [ -z "$running" ] || say "What runs now stays under the tag before."
}
return_images() {
  for name in $PROGRAMS; do
    docker image inspect "causeway/$name:before" >/dev/null 2>&1 || continue
    docker tag "causeway/$name:before" "causeway/$name:$version"
  done
}

psql_in() {
  # The password stays inside the container.
  # shellcheck disable=SC2016
  compose exec -T postgres sh -c 'PGPASSWORD=$(cat /run/secrets/postgres-super-password) exec "$@"' sh "$@"
}

back_up() {
  at=$(date -u +%Y%m%dT%H%M%SZ)
  kept=$backups/before-upgrade-$at
  mkdir -p "$backups" "$kept"
  chmod 700 "$backups" "$kept"
  say "Keeping a backup in $kept..."
  psql_in pg_dump -h 127.0.0.1 -U postgres -Fc causeway >"$kept/causeway.dump" ||
    fail "The backup failed: see above. Nothing has changed."
  [ -s "$kept/causeway.dump" ] || fail "The backup is empty. Nothing has changed."
  compose config >"$kept/docker-compose.yml"
  cp "$root/.env" "$kept/env"
  tar -C "$home" -cf "$kept/config.tar" --exclude=config/proxy --exclude=config/xray --exclude=config/edge config certs
  printf '%s\n' "$version" >"$kept/version"
  ln -sfn "$(basename "$kept")" "$backups/last-upgrade"
}

roll_back() {
  kept=$backups/last-upgrade
  [ -s "$kept/causeway.dump" ] || fail "There is no backup of an upgrade in $backups."
  old=$(cat "$kept/version")
  say "Going back to what ran before $(readlink "$kept")..."
  for name in $PROGRAMS; do
    docker image inspect "causeway/$name:before" >/dev/null 2>&1 || fail "The image causeway/$name:before is gone."
    docker tag "causeway/$name:before" "causeway/$name:$old"
  done
  compose stop web controller proxy-auth node >&2
  tar -C "$home" -xpf "$kept/config.tar"
  cp "$kept/env" "$root/.env"
  compose up -d --no-build postgres redis >&2
  wait_database
  psql_in psql -q -h 127.0.0.1 -U postgres -v ON_ERROR_STOP=1 -c 'DROP DATABASE IF EXISTS causeway WITH (FORCE)' \
    -c 'CREATE DATABASE causeway OWNER causeway' || fail "The database could not be made anew: see above."
  psql_in pg_restore -h 127.0.0.1 -U postgres -d causeway --exit-on-error <"$kept/causeway.dump" ||
    fail "The backup could not be restored: see above. It is in $kept."
  # As it was: what compose made of its file then, with the same names and volumes.
  CAUSEWAY_VERSION=$old compose -f "$kept/docker-compose.yml" up -d --no-build --remove-orphans >&2 ||
    fail "The old programs could not be started: see above."
  (wait_healthy) || fail "The old version does not get ready: see above."
  say "Back at $old. The checkout is still the new one: git checkout the old before the next ./vpn init or up."
}

wait_database() {
  tries=60
  until compose exec -T postgres pg_isready -q -h 127.0.0.1 -U postgres; do
    tries=$((tries - 1))
    [ "$tries" -gt 0 ] || fail "PostgreSQL does not answer. Read: docker compose logs postgres"
    sleep 1
  done
}
