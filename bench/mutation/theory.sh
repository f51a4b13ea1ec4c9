#!/bin/sh
# Mutation testing of the theory: Stryker makes the mutants, runner/ plays the tests on them. theory.sh FOLDER [PART-OF-PATH | again]...
# FOLDER receives the mutated assembly, Stryker's list of mutants and the results; run again it goes on, with "again" it tries what
# lives with the tests that there are now (after changes of the theory itself take a new folder). STRYKER names the tool.
set -eu
here=$(CDPATH= cd -- "$(dirname -- "$0")" && pwd -P)
mkdir -p "$1"
out=$(CDPATH= cd -- "$1" && pwd -P)
shift
root=$here/../..
tests=$root/artifacts/bin/Theory/release
dotnet build "$here/theory/Theory.csproj" -c Release -v quiet --nologo
dotnet build "$here/runner/Mutants.csproj" -c Release -v quiet --nologo
if [ ! -e "$out/mutation-report.json" ]; then
    # Stryker puts the mutated assembly beside the tests while it runs, and only there; one quick test keeps that short.
    size=$(stat -c %s "$tests/Hooke.Theory.dll")
    (cd "$here/theory" && exec "${STRYKER:-$HOME/stryker/dotnet-stryker}" -f stryker-config.json -O "$out" --skip-version-check >"$out/stryker.log" 2>&1) &
    stryker=$!
    while kill -0 $stryker 2>/dev/null; do
        now=$(stat -c %s "$tests/Hooke.Theory.dll" 2>/dev/null || echo 0)
        [ "$now" -le $((size * 5 / 4)) ] || { sleep 1; cp "$tests/Hooke.Theory.dll" "$out/Mutated.dll"; }
        sleep 1
    done
    wait $stryker || { cat "$out/stryker.log" >&2; exit 1; }
    mv "$out/reports/mutation-report.json" "$out"
    dotnet build "$here/theory/Theory.csproj" -c Release -v quiet --nologo
fi
rm -rf "$out/tests"
cp -r "$tests" "$out/tests"
exec nice "$root/artifacts/bin/Mutants/release/Mutants" "$out/tests" "$out/Mutated.dll" "$out/mutation-report.json" "$out/results" "$@"
