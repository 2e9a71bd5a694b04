#!/usr/bin/env bash
# A constant rate of deliveries, and how long until all are folded. Usage: run.sh [RATE] [SECONDS]. See ../README.md.
exec node "$(dirname "$0")/run.mjs" "$@"
