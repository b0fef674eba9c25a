#!/bin/sh
# Run a command against a throw-away cluster of Debian's postgresql-15; the cluster goes with it.
set -eu
bin=/usr/lib/postgresql/15/bin
if [ ! -x "$bin/initdb" ]; then
  echo "PostgreSQL 15 is not installed: sudo apt install postgresql-15" >&2
  exit 1
fi
folder=$(mktemp -d /tmp/pole-ess-pg15.XXXXXX)
as=""
if [ "$(id -u)" = 0 ]; then chown postgres "$folder"; as="setpriv --reuid=postgres --regid=postgres --clear-groups"; fi
trap '$as "$bin/pg_ctl" -D "$folder/data" -m immediate -s stop || true; rm -rf "$folder"' EXIT
trap 'exit 130' INT TERM
cd /
LC_ALL=C $as "$bin/initdb" -D "$folder/data" -U pole_ess -A trust -E UTF8 --locale=C.UTF-8 >/dev/null
# The planner's settings are those of the embedded cluster (and of docs/deployment.md): plans are asserted.
settings="-c listen_addresses='' -c unix_socket_directories=$folder -c fsync=off -c max_connections=200"
settings="$settings -c random_page_cost=1.1 -c work_mem=16MB -c shared_buffers=256MB -c jit=off"
LC_ALL=C $as "$bin/pg_ctl" -D "$folder/data" -s -w -l "$folder/log" -o "$settings" start
cd "$OLDPWD"
chmod 755 "$folder"
DATABASE_URL="postgres://pole_ess@/postgres?host=$folder" "$@"
