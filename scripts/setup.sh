# Shared by the launchers: what a fresh Debian or Ubuntu machine lacks, and a build that runs only when a source changed.
# Sourced by /bin/sh; says nothing when there is nothing to do.

sdk_major=10

need_sdk() {
    if ! command -v dotnet >/dev/null 2>&1 || ! dotnet --list-sdks 2>/dev/null | grep -q "^$sdk_major\."; then
        echo "hooke: the .NET $sdk_major SDK is missing. Install it (Ubuntu: sudo apt-get install dotnet-sdk-$sdk_major.0; Debian and others: https://dotnet.microsoft.com/download), see that dotnet is on the PATH, and run this again." >&2
        exit 1
    fi
}

# The real data. Without them the program downloads them or, offline, uses generated ones and says so.
need_data() {
    [ -e /usr/share/datasets/fashion-mnist/train-images-idx3-ubyte.gz ] && return 0
    cache=${XDG_CACHE_HOME:-${HOME:-/tmp}/.cache}/hooke
    # Downloaded already, or told once already.
    [ -e "$cache/fashion-mnist/train-images-idx3-ubyte.gz" ] && return 0
    [ -e "$cache/no-apt" ] && return 0
    command -v apt-get >/dev/null 2>&1 || return 0
    if [ "$(id -u)" -eq 0 ]; then
        echo "hooke: installing dataset-fashion-mnist" >&2
        install="apt-get -o DPkg::Lock::Timeout=300 install -y --no-install-recommends dataset-fashion-mnist"
        { DEBIAN_FRONTEND=noninteractive $install || { apt-get -o DPkg::Lock::Timeout=300 update && DEBIAN_FRONTEND=noninteractive $install; }; } >/dev/null 2>&1 && return 0
        echo "hooke: dataset-fashion-mnist could not be installed; going on without it" >&2
    else
        echo "hooke: for real images from your system: sudo apt-get install dataset-fashion-mnist; going on without it" >&2
    fi
    { mkdir -p "$cache" && touch "$cache/no-apt"; } 2>/dev/null || true
}

# MPI, for runs on many processes. Without it the program says what is missing.
need_mpi() {
    command -v mpirun >/dev/null 2>&1 && return 0
    command -v apt-get >/dev/null 2>&1 || return 0
    if [ "$(id -u)" -eq 0 ]; then
        echo "hooke: installing Open MPI" >&2
        # ip makes network namespaces, with which the tests play several hosts.
        install="apt-get -o DPkg::Lock::Timeout=300 install -y --no-install-recommends openmpi-bin libopenmpi3 openssh-client iproute2"
        { DEBIAN_FRONTEND=noninteractive $install || { apt-get -o DPkg::Lock::Timeout=300 update && DEBIAN_FRONTEND=noninteractive $install; }; } >/dev/null 2>&1 && return 0
        echo "hooke: Open MPI could not be installed; going on without it" >&2
    else
        echo "hooke: for runs on many processes: sudo apt-get install openmpi-bin; going on without it" >&2
    fi
}

# The sources that a build reads.
changed_since() { # ROOT STAMP
    [ ! -e "$2" ] || [ -n "$(find "$1/src" "$1/tests" "$1/samples" "$1/bench/Hooke.Claims" "$1/bench/fuzz" "$1/Hooke.slnx" "$1/Directory.Build.props" "$1/Directory.Build.targets" "$1/Directory.Packages.props" \
        "$1/global.json" "$1/.editorconfig" -newer "$2" ! -name '*.md' 2>/dev/null | head -n 1)" ]
}

# build_once ROOT PROJECT
build_once() {
    need_sdk
    need_data
    stamp="$1/artifacts/.built-$(basename "$2")"
    changed_since "$1" "$stamp" || return 0
    if ! mkdir -p "$1/artifacts" 2>/dev/null || [ ! -w "$1/artifacts" ]; then
        echo "hooke: $1/artifacts can't be written, so nothing can be built; copy the project to a folder of your own, or have its owner run it once" >&2
        exit 1
    fi
    # Two launchers that start together must not build into each other's files.
    if command -v flock >/dev/null 2>&1; then
        exec 9>"$1/artifacts/.building"
        flock 9
        changed_since "$1" "$stamp" || { exec 9>&-; return 0; }
    fi
    echo "hooke: building" >&2
    started="$stamp.started"
    touch "$started"
    # No build server outlives the build, and none inherits the lock.
    if ! DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 MSBUILDDISABLENODEREUSE=1 \
        dotnet build "$1/$2" -c Release -v quiet --nologo -p:UseSharedCompilation=false >"$1/artifacts/build.log" 2>&1 9>&-; then
        { grep -E '(error|MSB[0-9]+|NETSDK[0-9]+|NU[0-9]+)' "$1/artifacts/build.log" || cat "$1/artifacts/build.log"; } | sed "s|$1/||g" | sort -u >&2
        echo "hooke: the build failed; all of its output is in $1/artifacts/build.log" >&2
        exit 1
    fi
    mv "$started" "$stamp"
    if command -v flock >/dev/null 2>&1; then exec 9>&-; fi
}
