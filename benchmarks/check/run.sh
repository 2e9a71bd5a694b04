#!/usr/bin/env bash
# A gate against creeping cost: the working copy beside the commit that it is based on. Usage: run.sh [BASE]. See ../README.md.
set -euo pipefail
exec node "$(dirname "$0")/run.mjs" "$@"
