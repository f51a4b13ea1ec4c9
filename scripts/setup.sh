# Shared by the launchers: what a fresh Debian or Ubuntu machine lacks, and a build that runs only when a source changed.

sdk_major=10

need_sdk() {
    if ! command -v dotnet >/dev/null 2>&1 || ! dotnet --list-sdks 2>/dev/null | grep -q "^$sdk_major\."; then
        echo "hooke: the .NET $sdk_major SDK is missing. Install it with your package manager (for example: apt-get install dotnet-sdk-$sdk_major.0) or from Microsoft's .NET site, then run this again." >&2
        exit 1
    fi
}

# The real data. Without them the program downloads them or, offline, uses generated ones and says so.
need_data() {
    [ -e /usr/share/datasets/fashion-mnist/train-images-idx3-ubyte.gz ] && return 0
    [ -e "${XDG_CACHE_HOME:-$HOME/.cache}/hooke/no-apt" ] && return 0
    command -v apt-get >/dev/null 2>&1 || return 0
    if [ "$(id -u)" -eq 0 ]; then
        echo "hooke: installing dataset-fashion-mnist" >&2
        { apt-get -o DPkg::Lock::Timeout=300 install -y --no-install-recommends dataset-fashion-mnist ||
            { apt-get -o DPkg::Lock::Timeout=300 update &&
                apt-get -o DPkg::Lock::Timeout=300 install -y --no-install-recommends dataset-fashion-mnist; }; } >/dev/null 2>&1 ||
            { echo "hooke: dataset-fashion-mnist could not be installed; going on without it" >&2
                mkdir -p "${XDG_CACHE_HOME:-$HOME/.cache}/hooke" && touch "${XDG_CACHE_HOME:-$HOME/.cache}/hooke/no-apt"; }
    else
        echo "hooke: for real images run: sudo apt-get install dataset-fashion-mnist" >&2
    fi
}

# build_once ROOT PROJECT
build_once() {
    need_sdk
    need_data
    stamp="$1/artifacts/.built-$(basename "$2")"
    if [ -e "$stamp" ] && [ -z "$(find "$1/src" "$1/tests" "$1/samples" "$1"/Directory.* "$1/global.json" "$1/.editorconfig" -newer "$stamp" -type f 2>/dev/null | head -n 1)" ]; then
        return 0
    fi
    echo "hooke: building" >&2
    mkdir -p "$1/artifacts"
    started="$stamp.started"
    touch "$started"
    if ! DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 dotnet build "$1/$2" -c Release -v quiet --nologo >"$1/artifacts/build.log" 2>&1; then
        cat "$1/artifacts/build.log" >&2
        echo "hooke: the build failed" >&2
        exit 1
    fi
    mv "$started" "$stamp"
}
