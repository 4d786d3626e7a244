# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
# What every script here shares: where things are, talk, steps with their time, waiting, ports, and processes that are
# stopped by exactly the id they were started with. Source it; it runs nothing by itself.

ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
CACHE=${V6_CACHE:-$ROOT/.build/v6} # kept between runs: Python packages and pushed images
export LC_ALL=C.UTF-8

# --- talk: everything a person reads while waiting goes to standard error, results go to standard output

say() { printf '%s\n' "$*" >&2; }
fail() {
    printf '%s: %s\n' "$(basename "$0")" "$1" >&2
    shift
    local line
    for line in "$@"; do printf '    %s\n' "$line" >&2; done
    exit 1
}
need() { # need COMMAND...: every one of them is installed
    local command
    for command in "$@"; do
        command -v "$command" >/dev/null || fail "$command is not installed" "Run script/bootstrap first."
    done
}

# --- time

now() { printf '%s' "$EPOCHREALTIME"; }
since() { awk -v a="$1" -v b="$(now)" 'BEGIN { printf "%.1f", b - a }'; }

STEP_NAMES=()
STEP_SECONDS=()
step() { # step TITLE COMMAND...: run in this shell, remember how long it took
    local title=$1 start
    shift
    start=$(now)
    say "-- $title"
    "$@"
    STEP_NAMES+=("$title")
    STEP_SECONDS+=("$(since "$start")")
}
print_steps() {
    local i
    for i in "${!STEP_NAMES[@]}"; do printf '  %-52s %7s s\n' "${STEP_NAMES[$i]}" "${STEP_SECONDS[$i]}"; done
}

# One line that says what is going on: rewritten in place on a terminal, now and then a new line elsewhere.
SHOWN_AT=0
show_progress() { # show_progress SECONDS TEXT
    if [ -t 2 ]; then
        printf '\r\033[K   %4d s  %.100s' "$1" "$2" >&2
    elif [ "$1" -ge $((SHOWN_AT + 20)) ]; then
        SHOWN_AT=$1
        printf '   %4d s  %.100s\n' "$1" "$2" >&2
    fi
}
end_progress() {
    SHOWN_AT=0
    if [ -t 2 ]; then printf '\r\033[K' >&2; fi
}

quietly() { # quietly LOG COMMAND...: output to LOG, its last line shown as progress; the end of LOG when it fails
    local log=$1 pid start=$SECONDS status=0
    shift
    : >"$log"
    "$@" >>"$log" 2>&1 </dev/null &
    pid=$!
    while kill -0 "$pid" 2>/dev/null; do
        show_progress $((SECONDS - start)) "$(tail -n 1 "$log" | tr -cd '[:print:]')"
        sleep 0.5
    done
    wait "$pid" || status=$?
    end_progress
    if [ "$status" -ne 0 ]; then
        say "   failed with exit code $status: $*"
        tail -n 40 "$log" | sed 's/^/   | /' >&2
    fi
    return "$status"
}

wait_for() { # wait_for WHAT SECONDS COMMAND...: until the command succeeds; 1 when the time is over
    local what=$1 limit=$2 start=$SECONDS
    shift 2
    until "$@" >/dev/null 2>&1; do
        if [ $((SECONDS - start)) -ge "$limit" ]; then
            end_progress
            say "   gave up waiting for $what after $limit s"
            return 1
        fi
        show_progress $((SECONDS - start)) "waiting for $what"
        sleep 0.2
    done
    end_progress
}

# --- ports

free_port() { # free_port PREFERRED: that one when nobody listens on it or is about to, else any free one
    python3 - "$1" $$ <<'PY'
import os, socket, sys, tempfile

def is_taken(port):
    """Whether another script that still runs has chosen the port; from now on this one has."""
    path = os.path.join(tempfile.gettempdir(), f"v6-port-{port}")
    for _ in range(2):
        try:
            with open(path, "x") as file:
                file.write(sys.argv[2])
            return False
        except FileExistsError:
            pass
        try:
            with open(path) as file:
                owner = file.read() or "self"
            if os.path.exists(f"/proc/{owner}"):
                return True
            os.remove(path)
        except OSError:
            continue
    return True

for port in (int(sys.argv[1]), 0):
    with socket.socket() as s:
        s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            s.bind(("127.0.0.1", port))
        except OSError:
            continue
        # Nobody is given the others a second time that soon.
        if port and is_taken(port):
            continue
        print(s.getsockname()[1])
        break
PY
}

# --- the working folder: everything that a run writes, gone afterwards

make_work_folder() { # V6_DEMO_DIR names it; it must be empty or not exist
    if [ -n "${V6_DEMO_DIR:-}" ]; then
        mkdir -p "$V6_DEMO_DIR"
        WORK=$(cd "$V6_DEMO_DIR" && pwd)
        [ -z "$(ls -A "$WORK")" ] || fail "the folder $WORK (V6_DEMO_DIR) is not empty" "Name an empty or a new one."
    else
        WORK=$(mktemp -d "${TMPDIR:-/tmp}/v6-demo.XXXXXX")
    fi
    # A Unix socket's path holds 107 bytes; the engine's and the nodes' lie in here.
    [ "${#WORK}" -le 60 ] || fail "the path $WORK is too long for the Unix sockets in it" "Set V6_DEMO_DIR to a shorter one."
    use_work_folder
}
use_work_folder() {
    chmod 700 "$WORK"
    mkdir -p "$WORK/pids" "$WORK/log"
    # Nothing of ours may read or write the person's own settings.
    export XDG_CONFIG_HOME=$WORK/xdg/config XDG_STATE_HOME=$WORK/xdg/state XDG_CACHE_HOME=$WORK/xdg/cache
    export XDG_DATA_HOME=$WORK/xdg/data
}
remove_work_folder() {
    local mount
    for mount in $(awk -v work="$WORK/" 'index($2, work) == 1 { print $2 }' /proc/self/mounts | sort -r); do
        umount "$mount" || say "   could not unmount $mount"
    done
    # Rootless Podman stores files of other user ids, which only its own name space may remove.
    if [ -d "$WORK/xdg/data/containers" ]; then podman unshare rm -rf "$WORK/xdg/data/containers"; fi
    rm -rf --one-file-system "$WORK"
}

# --- processes

# The start time beside the id tells a process from a later one that got the same id.
start_time_of() { sed 's/.*) //' "/proc/$1/stat" 2>/dev/null | awk '$1 != "Z" { print $20 }'; }

start_process() { # start_process NAME COMMAND...: in the background, in a session of its own, output in log/NAME.log
    local name=$1 pid
    shift
    setsid "$@" >>"$WORK/log/$name.log" 2>&1 </dev/null &
    pid=$!
    printf '%s %s\n' "$pid" "$(start_time_of "$pid")" >"$WORK/pids/$name"
}
is_running() { # is_running NAME
    local pid started
    [ -s "$WORK/pids/$1" ] || return 1
    read -r pid started <"$WORK/pids/$1"
    [ -n "$started" ] && [ "$(start_time_of "$pid")" = "$started" ]
}
stop_process() { # stop_process NAME [SIGNAL] [SECONDS]: then SIGKILL
    local name=$1 signal=${2:-TERM} limit=${3:-20} pid _
    if is_running "$name"; then
        read -r pid _ <"$WORK/pids/$name"
        kill -s "$signal" "$pid"
        wait_for "$name to stop" "$limit" is_stopped "$name" || kill -s KILL "$pid"
        wait_for "$name to be gone" 10 is_stopped "$name" || return 1
    fi
    rm -f "$WORK/pids/$name"
}
is_stopped() { ! is_running "$1"; }
show_log() { # show_log NAME [LINES]
    say "   the last lines of $1:"
    tail -n "${2:-20}" "$WORK/log/$1.log" | sed 's/^/   | /' >&2
}
wait_for_process() { # wait_for_process NAME SECONDS COMMAND...: like wait_for, but ends at once when the process does
    local name=$1 limit=$2
    shift 2
    if ! wait_for "$name" "$limit" eval "is_stopped $name || $(printf '%q ' "$@")" || is_stopped "$name"; then
        show_log "$name"
        return 1
    fi
}
