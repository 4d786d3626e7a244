# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
# A container engine and an image registry for one run. What is there is used; what is missing is started in the working
# folder and stopped again. Needs common.sh.

engine_answers() { # engine_answers SOCKET
    [ -S "$1" ] && curl -fsS --max-time 5 --unix-socket "$1" http://engine/_ping
}

engine_up() { # sets DOCKER_HOST
    local socket
    if [ -n "${V6_OWN_ENGINE:-}" ]; then # one that may be killed
        if [ "$(id -u)" -ne 0 ] || ! command -v dockerd >/dev/null; then
            fail "an engine of our own needs root and dockerd" "As root: apt-get install docker.io"
        fi
        start_dockerd
    elif [ -n "${DOCKER_HOST:-}" ]; then
        case $DOCKER_HOST in
        unix://*) ;;
        *) fail "DOCKER_HOST is $DOCKER_HOST; the node talks to its engine over a Unix socket" \
            "Set it to unix:///path/of/the/socket, or unset it." ;;
        esac
        engine_answers "${DOCKER_HOST#unix://}" >/dev/null ||
            fail "no container engine answers at $DOCKER_HOST (DOCKER_HOST)" "Start it, or unset DOCKER_HOST."
        say "   using the engine of DOCKER_HOST"
    elif engine_answers /var/run/docker.sock >/dev/null 2>&1; then
        export DOCKER_HOST=unix:///var/run/docker.sock
        say "   using the Docker engine of this machine"
    elif [ "$(id -u)" -eq 0 ] && command -v dockerd >/dev/null; then
        start_dockerd
    elif command -v podman >/dev/null; then
        start_podman
    elif [ -S /var/run/docker.sock ]; then
        fail "the Docker engine is there, but $(id -un) may not use it" \
            "sudo usermod -aG docker $(id -un)    (then log in again), or install podman: sudo apt-get install podman"
    else
        fail "no container engine" "As root: apt-get install docker.io    As a normal user: sudo apt-get install podman"
    fi
    [ -d "$WORK/engine" ] || engine_images >"$WORK/images-before"
}

# An engine of our own. Algorithms have no network, so it needs no bridge and touches no firewall.
start_dockerd() {
    mkdir -p "$WORK/engine"
    say "   starting a Docker engine of our own"
    run_dockerd
}
# Algorithms go on when the daemon ends, however it ends.
run_dockerd() {
    local socket=$WORK/engine/docker.sock
    rm -f "$WORK/engine/pid" "$WORK/engine/run/containerd/containerd.pid" # of one that was killed
    start_process engine dockerd --live-restore="${V6_LIVE_RESTORE:-true}" --host "unix://$socket" \
        --data-root "$WORK/engine/data" --exec-root "$WORK/engine/run" --pidfile "$WORK/engine/pid" --bridge=none --iptables=false --ip6tables=false --ip-forward=false
    wait_for_process engine 60 engine_answers "$socket" ||
        fail "dockerd did not start" "Its messages are above. Is another engine there? Then set DOCKER_HOST."
    export DOCKER_HOST=unix://$socket
}
start_podman() {
    local socket=$WORK/engine/podman.sock
    mkdir -p "$WORK/engine"
    say "   starting Podman's API service"
    # Podman trusts no registry without TLS unless told so; the file is read for each pull.
    : >"$WORK/engine/registries.conf"
    CONTAINERS_REGISTRIES_CONF=$WORK/engine/registries.conf start_process engine \
        podman system service --time=0 "unix://$socket"
    wait_for_process engine 60 engine_answers "$socket" ||
        fail "the Podman service did not start" "Its messages are above; 'podman info' tells more."
    export DOCKER_HOST=unix://$socket
}

engine_call() { # engine_call METHOD PATH CURL-ARGUMENT...: the Engine API, which Docker and Podman both speak
    curl --fail-with-body -sS --max-time 300 --unix-socket "${DOCKER_HOST#unix://}" -X "$1" "http://engine/v1.41$2" "${@:3}"
}

push_image() { # push_image REFERENCE ENTRYPOINT <TAR: an image with these files as its only layer, in the registry only
    local reference=$1 changes answer
    changes=$(python3 -c 'import sys, urllib.parse; print(urllib.parse.quote(f"ENTRYPOINT [\"{sys.argv[1]}\"]"))' "$2")
    engine_call POST "/images/create?fromSrc=-&repo=$reference&changes=$changes" \
        -H 'Content-Type: application/x-tar' --data-binary @- >/dev/null
    # A push that fails says so in its last line, with status 200.
    answer=$(engine_call POST "/images/${reference%:*}/push?tag=${reference##*:}" -H 'X-Registry-Auth: e30=')
    engine_call DELETE "/images/$reference" >/dev/null
    case $answer in *'"error"'*) fail "the image $reference was not taken by the registry" "$answer" ;; esac
}

engine_images() { # every name:tag of the engine
    engine_call GET /images/json | python3 -c '
import json, sys
for image in json.load(sys.stdin):
    print("\n".join(image["RepoTags"] or []))' | sed '/^$/d; /<none>/d' | sort
}
# What our nodes pulled or made goes again, from an engine that was there before us; what somebody still uses stays.
remove_images() {
    local image
    [ -f "$WORK/images-before" ] && engine_answers "${DOCKER_HOST#unix://}" >/dev/null 2>&1 || return 0
    for image in $(engine_images | comm -13 "$WORK/images-before" - | grep -E "^($REGISTRY/|v6-relay:)"); do
        engine_call DELETE "/images/$image" >/dev/null 2>&1 || say "   $image is in use and stays"
    done
}

# Every node labels the containers of its runs with its own name.
remove_containers() { # remove_containers NODE...
    local name id
    [ -n "${DOCKER_HOST:-}" ] && engine_answers "${DOCKER_HOST#unix://}" >/dev/null 2>&1 || return 0
    for name in "$@"; do
        engine_call GET /containers/json -G -d all=true --data-urlencode "filters={\"label\":[\"node=$name\"]}" |
            python3 -c 'import json, sys; [print(container["Id"]) for container in json.load(sys.stdin)]' |
            while read -r id; do engine_call DELETE "/containers/$id?force=true&v=true"; done
    done
}
engine_down() {
    stop_process engine TERM 60
    # What an engine that was killed lost sight of: containers half made, and the processes that hold them.
    local shim
    for shim in $(pgrep -f "^[^ ]*containerd-shim[^ ]* .*$WORK/engine/"); do
        # shellcheck disable=SC2046 # a list of ids
        kill -s KILL $(pgrep -P "$shim") "$shim" 2>/dev/null || say "   process $shim of the engine is gone already"
    done
}

# --- registry: its storage is kept in the cache, so that an image is built and pushed once

registry_up() { # sets REGISTRY
    need docker-registry
    REGISTRY=127.0.0.1:$(free_port 17500)
    mkdir -p "$CACHE/registry" "$WORK/registry"
    cat >"$WORK/registry/config.yml" <<YML
version: 0.1
log: {level: warn, accesslog: {disabled: true}}
storage:
  filesystem: {rootdirectory: $CACHE/registry}
  delete: {enabled: true}
http: {addr: $REGISTRY}
YML
    if [ -f "$WORK/engine/registries.conf" ]; then
        printf '[[registry]]\nlocation = "%s"\ninsecure = true\n' "$REGISTRY" >"$WORK/engine/registries.conf"
    fi
    start_registry
}
start_registry() {
    start_process registry docker-registry serve "$WORK/registry/config.yml"
    wait_for_process registry 30 curl -fsS --noproxy '*' --max-time 2 "http://$REGISTRY/v2/" ||
        fail "the image registry did not start" "Its messages are above."
}
registry_has() { # registry_has NAME TAG
    curl -fsS --noproxy '*' --max-time 5 -o /dev/null "http://$REGISTRY/v2/$1/manifests/$2" \
        -H 'Accept: application/vnd.docker.distribution.manifest.v2+json' \
        -H 'Accept: application/vnd.oci.image.manifest.v1+json'
}
registry_down() { stop_process registry; }
