#!/bin/sh
# Runs before the deb or the rpm is removed, and before an upgrade, where the
# server goes on. The database in /var/lib/passmuster is never removed.
set -eu

case ${1:-} in
upgrade | 1) exit 0 ;; # deb | rpm
esac
if [ -d /run/systemd/system ]; then
  systemctl --quiet disable --now passmuster || true
fi
