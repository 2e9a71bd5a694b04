#!/usr/bin/env bash
# Measures receiving: deliveries a second and latency at 64 connections. Usage: run.sh [SECONDS]
set -euo pipefail
cd "$(dirname "$0")"
seconds=${1:-10}
url=http://127.0.0.1:5082
work=$(mktemp -d)
dotnet build -c Release ../../EsimFly.Dashboard >/dev/null
ESIMFLY_WEBHOOK_SECRET=whsec_load ASPNETCORE_ENVIRONMENT=Development \
  dotnet ../../EsimFly.Dashboard/bin/Release/net10.0/EsimFly.Dashboard.dll \
  --urls "$url" --Storage:Directory="$work/data" --Logging:LogLevel:Default=Warning &
app=$!
trap 'kill $app; wait $app || true; rm -rf "$work"' EXIT

node generate.mjs $((seconds * 40000)) whsec_load RUN > "$work/run.tsv"
node generate.mjs 100000 whsec_load WARM > "$work/warm.tsv"
until curl --silent --fail --output /dev/null "$url/health/ready"; do sleep 0.2; done

export THREADS=1
DELIVERIES="$work/warm.tsv" wrk -t1 -c64 -d3s -s receive.lua "$url" >/dev/null
DELIVERIES="$work/run.tsv" wrk -t1 -c64 -d"${seconds}s" --latency -s receive.lua "$url"

start=$(date +%s%N)
until curl --silent "$url/health/ready" | grep -q '"0 deliveries wait'; do sleep 0.1; done
echo "Backlog folded $(( ($(date +%s%N) - start) / 1000000 )) ms after the end."
