#!/usr/bin/env bash
# Everything that reads, over a long history. Usage: [STORE=folder] run.sh [DELIVERIES] [ORDERS]. See ../README.md.
exec node "$(dirname "$0")/run.mjs" "$@"
