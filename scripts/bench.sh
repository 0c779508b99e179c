#!/bin/sh
# Measures PocketDesk over HTTP on this machine, and beside it plain PocketBase
# with the same SQLite settings. docs/performance.md says what is measured.
#
#   LOADGEN=/path/to/loadgen scripts/bench.sh [line|start|million]...
#
# Without arguments it does all three. LOADGEN is a program that keeps -c
# connections busy for a time -d (after -warm), with
#   -url URL -method POST -body @FILE -start N
# where {{n}} in the file is a counter that begins at N, and that prints one line
# of JSON with rps (successful answers a second), p50_ms, p99_ms and errors.
# ROUNDS (3) and SECONDS_EACH (5) may be set.
set -eu
cd "$(dirname "$0")/.."
work=$(mktemp -d)
servers=""
cleanup() {
	for pid in $servers; do kill "$pid" 2>/dev/null || true; done
	rm -rf "$work"
}
trap cleanup EXIT
trap 'exit 1' INT TERM

line_port=${LINE_PORT:-18471}
plain_port=${PLAIN_PORT:-18472}

build() {
	go build -o "$work/pocketdesk" .
	go build -o "$work/bench" ./scripts/bench
}

# serve NAME PORT PROGRAM FOLDER: starts a server and waits for its first answer.
serve() {
	"$3" serve --http="127.0.0.1:$2" --dir="$4" >"$work/$1.log" 2>&1 &
	servers="$servers $!"
	curl --silent --retry 100 --retry-delay 1 --retry-connrefused --output /dev/null "http://127.0.0.1:$2/api/health"
}

stop() {
	for pid in $servers; do kill "$pid" 2>/dev/null || true; wait "$pid" 2>/dev/null || true; done
	servers=""
}

# migrated FOLDER: makes a folder with PocketDesk's collections in it.
migrated() {
	"$work/pocketdesk" migrate up --dir="$1" >/dev/null
}

field() { sed -n "s/.*\"$1\":\([-0-9.]*\).*/\1/p"; }

counter=1000000
# load NAME CLIENTS URL: one measurement, one line.
load() {
	counter=$((counter + 1000000))
	out=$("$LOADGEN" -url "$3" -method POST -body "@$work/body.json" -c "$2" -d "${SECONDS_EACH:-5}s" -warm 1s -start "$counter")
	printf '%-26s %3s clients  %8.1f /s   p50 %7.1f ms   p99 %7.1f ms   errors %s\n' "$1" "$2" \
		"$(echo "$out" | field rps)" "$(echo "$out" | field p50_ms)" "$(echo "$out" | field p99_ms)" "$(echo "$out" | field errors)"
}

line() {
	: "${LOADGEN:?set LOADGEN to the load generator}"
	cp scripts/bench/submission.json "$work/body.json"
	migrated "$work/line"
	migrated "$work/plain"
	serve line "$line_port" "$work/pocketdesk" "$work/line"
	serve plain "$plain_port" "$work/bench" "$work/plain"
	for clients in 1 16 64; do
		for _ in $(seq "${ROUNDS:-3}"); do
			load "whole line" "$clients" "http://127.0.0.1:$line_port/api/collections/feedback/records"
			load "one plain record" "$clients" "http://127.0.0.1:$plain_port/api/collections/bench_plain/records"
			load "same records, plainly" "$clients" "http://127.0.0.1:$plain_port/bench/set"
		done
	done
	stop
}

start() {
	migrated "$work/start"
	for _ in $(seq "${ROUNDS:-3}"); do
		"$work/bench" first "$work/pocketdesk" "$work/start"
	done
	go build -ldflags "-s -w" -o "$work/stripped" .
	echo "binary: $(wc -c <"$work/pocketdesk") bytes, stripped: $(wc -c <"$work/stripped") bytes"
}

million() {
	migrated "$work/million"
	echo "filling; this takes minutes and 3 GB"
	"$work/bench" fill --dir="$work/million" --cases "${CASES:-1000000}"
	serve million "$line_port" "$work/pocketdesk" "$work/million"
	"$work/bench" pages "http://127.0.0.1:$line_port"
	stop
	rm -rf "$work/million"
}

build
[ $# -gt 0 ] || set -- line start million
for what in "$@"; do "$what"; done
