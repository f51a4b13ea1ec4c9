# Sourced by the scripts beside it: with --json as the first argument, the words for people go to standard error and `document` prints the one
# JSON document to standard output; otherwise it prints nothing.
if [ "${1:-}" = --json ]; then
    shift
    exec 3>&1 1>&2
else
    exec 3>/dev/null
fi

document() { printf '%s\n' "$*" >&3; }

# field NAME: the first number of that name in an indented JSON document.
field() { sed -n "s/.*\"$1\": \([-+0-9.eE]*\).*/\1/p" | head -n 1; }
