#!/bin/sh
# Wait, migrate, become the program: it is process 1 then, and gets every signal itself.
set -eu
skein up --wait
exec "$@"
