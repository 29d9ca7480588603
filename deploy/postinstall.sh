#!/bin/sh
# Runs after the deb or the rpm was installed. It makes the user, and leaves the
# service alone: a new version migrates the database when it starts, which wants
# a backup made by the old one, so the operator says when.
set -eu

if command -v systemd-sysusers >/dev/null; then
  systemd-sysusers passmuster.conf
elif ! getent passwd passmuster >/dev/null; then
  useradd --system --user-group --home-dir /var/lib/passmuster --shell /usr/sbin/nologin passmuster
fi

# The settings may hold what is not for everybody.
if getent group passmuster >/dev/null; then
  chgrp -R passmuster /etc/passmuster
  chmod 0750 /etc/passmuster
  chmod 0640 /etc/passmuster/passmuster.toml
fi

if [ -d /run/systemd/system ]; then
  systemctl daemon-reload
  if systemctl --quiet is-active passmuster; then
    echo "passmuster: the old version still runs. Start the new one with:"
    echo "  systemctl restart passmuster"
  else
    echo "passmuster: read /etc/passmuster/passmuster.toml, then:"
    echo "  systemctl enable --now passmuster"
  fi
fi
