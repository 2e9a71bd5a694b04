#!/usr/bin/env bash
# Receiving and folding on PostgreSQL beside SQLite. Usage: run.sh [RATE] [SECONDS]. See ../README.md.
exec node "$(dirname "$0")/run.mjs" "$@"
