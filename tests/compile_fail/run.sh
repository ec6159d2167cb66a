#!/usr/bin/env bash
# Compiles each case of cases.txt and expects a refusal that says what its author should know.
#
#   run.sh COMPILER INCLUDE_DIR
#
# A case is "## the words expected in the refusal" and, up to the next, what is put into a source file. The first case
# expects nothing: it compiles, so that the others fail for their own reason.
set -euo pipefail
compiler=$1
include=$2
cases=$(dirname "${BASH_SOURCE[0]}")/cases.txt
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
awk -v dir="$scratch" '/^## /{n++; print substr($0, 4) > (dir "/" n ".expect"); next} {print > (dir "/" n ".cc")}' "$cases"

failed=0
for source in "$scratch"/*.cc; do
  name=$(basename "$source" .cc)
  expected=$(cat "$scratch/$name.expect")
  if "$compiler" -std=c++20 -fsyntax-only -I "$include" "$source" >"$scratch/out" 2>&1; then
    outcome=compiles
  else
    outcome=refused
  fi
  if [ "$expected" = compiles ]; then
    [ $outcome = compiles ] && continue
    echo "case $name should compile:"
    head -20 "$scratch/out"
    failed=1
  elif [ $outcome = compiles ] || ! grep -qF -- "$expected" "$scratch/out"; then
    echo "case $name should be refused with: $expected"
    echo "it $outcome:"
    head -20 "$scratch/out"
    failed=1
  fi
done
exit $failed
