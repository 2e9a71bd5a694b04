#!/usr/bin/env bash
# Durable receiving beside its peers. Usage: run.sh [SECONDS a turn] [ROUNDS]. See ../README.md.
exec node "$(dirname "$0")/run.mjs" "$@"
