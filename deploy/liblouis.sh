#!/bin/sh
# The braille tests need Debian's liblouis: install it when root, say so otherwise (they are then skipped).
command -v lou_translate >/dev/null 2>&1 && exit 0
if [ "$(id -u)" = 0 ]; then
  echo "Installing liblouis for the braille tests..."
  export DEBIAN_FRONTEND=noninteractive
  apt-get update -qq && apt-get install -y -qq --no-install-recommends liblouis-bin >/dev/null
else
  echo "The braille tests need liblouis: sudo apt install liblouis-bin (skipped meanwhile)" >&2
fi
