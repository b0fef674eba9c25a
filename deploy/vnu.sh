#!/bin/sh
# The HTML of the pages is checked by the Nu Html Checker: its jar from npm's registry, Debian's Java to run it.
# Usage: deploy/vnu.sh FOLDER: puts FOLDER/vnu.jar there unless it is.
set -e
VERSION=26.9.27
[ -f "$1/vnu-$VERSION.jar" ] && command -v java >/dev/null 2>&1 && exit 0
manquent=""
command -v java >/dev/null 2>&1 || manquent="$manquent default-jre-headless"
command -v npm >/dev/null 2>&1 || manquent="$manquent npm"
if [ -n "$manquent" ]; then
  if [ "$(id -u)" != 0 ]; then
    echo "The HTML check needs: sudo apt install$manquent" >&2
    exit 1
  fi
  echo "Installing$manquent for the HTML check..."
  export DEBIAN_FRONTEND=noninteractive
  # shellcheck disable=SC2086 - a list of packages
  apt-get update -qq && apt-get install -y -qq --no-install-recommends $manquent >/dev/null
fi
mkdir -p "$1"
travail=$(mktemp -d)
trap 'rm -rf "$travail"' EXIT
(cd "$travail" && npm pack --silent "vnu-jar@$VERSION" >/dev/null && tar xzf vnu-jar-*.tgz package/build/dist/vnu.jar)
mv "$travail/package/build/dist/vnu.jar" "$1/vnu-$VERSION.jar"
