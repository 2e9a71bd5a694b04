#!/usr/bin/env bash
# From asking for the process until it is ready. Usage: [STORE=folder] run.sh [TIMES]. See ../README.md.
exec node "$(dirname "$0")/run.mjs" "$@"
