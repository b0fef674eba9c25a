#!/bin/sh
# The browser tests need Debian's Chromium: install it when root, say so otherwise.
command -v chromium >/dev/null 2>&1 && exit 0
if [ "$(id -u)" = 0 ]; then
  echo "Installing chromium for the browser tests..."
  export DEBIAN_FRONTEND=noninteractive
  apt-get update -qq && apt-get install -y -qq --no-install-recommends chromium fonts-liberation >/dev/null
else
  echo "The browser tests need Chromium: sudo apt install chromium" >&2
  exit 1
fi
