#!/usr/bin/env bash
# Many open pages while deliveries come. Usage: run.sh [PAGES] [RATE] [SECONDS]. See ../README.md.
exec node "$(dirname "$0")/run.mjs" "$@"
