#!/usr/bin/env bash
# How long the projection takes to be built again from the log. Usage: STORE=folder run.sh [TIMES]. See ../README.md.
exec node "$(dirname "$0")/run.mjs" "$@"
