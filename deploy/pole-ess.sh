#!/bin/sh
# manage.py with the environment and the account of the units; as root: install -m 755 deploy/pole-ess.sh /usr/local/bin/pole-ess
set -eu
set -a
. /etc/pole-ess.env
set +a
umask 027
cd /srv/pole-ess/portail
if [ "$(id -un)" = pole-ess ]; then exec .venv/bin/python manage.py "$@"; fi
exec runuser -u pole-ess -- .venv/bin/python manage.py "$@"
