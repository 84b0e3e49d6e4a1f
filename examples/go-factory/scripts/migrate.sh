#!/bin/sh
# ./scripts/migrate.sh --action=up --service=all: the migrator, from wherever it is called.
cd "$(dirname "$0")/.." && exec migrator "$@"
