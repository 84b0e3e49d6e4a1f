#!/bin/sh
# Installs the real tools that tests run against: scripts/tools.sh [NAME…], all without a name.
exec node "$(dirname "$0")/tools.mjs" "$@"
