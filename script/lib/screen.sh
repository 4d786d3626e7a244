# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
# v6-console of the demo network on a tmux screen, driven by keys, waited for by what it shows. Needs common.sh, network.sh.

tmux_socket=
opened=0

tmux_() { tmux -L "$tmux_socket" "$@"; }
keys() { tmux_ send-keys -t console "$@"; }
shows() { # shows TEXT...: waits until the screen shows all of them
    local text screen i
    for text in "$@"; do
        for ((i = 0; ; i++)); do
            screen=$(tmux_ capture-pane -p -t console)
            case $screen in *"$text"*) break ;; esac
            [ $i -lt 300 ] || fail "the screen does not show '$text'" "$screen"
            sleep 0.1
        done
    done
}
settle() { # until two looks in a row are the same, and nothing is being loaded
    local before=none after i
    for ((i = 0; i < 60; i++)); do
        sleep 0.3
        after=$(tmux_ capture-pane -p -t console)
        case $after in *" loading "*) continue ;; esac
        [ "$after" != "$before" ] || return 0
        before=$after
    done
}
start_screen() { # start_screen COLUMNS ROWS COMMAND
    close_screen
    # A server that is ending refuses new sessions: each console gets one of its own.
    opened=$((opened + 1))
    tmux_socket=v6-console-$$-$opened
    tmux_ -f /dev/null new-session -d -x "$1" -y "$2" -s console "$3"
    tmux_ set -g status off
}
open_console() { # open_console COLUMNS ROWS [NAME=VALUE...] [ARGUMENT...]: as the researcher of alpha
    local columns=$1 rows=$2 variables=() arguments=()
    shift 2
    while [ $# -gt 0 ]; do
        case $1 in
        [A-Z]*=*) variables+=("$1") ;;
        *) arguments+=("$1") ;;
        esac
        shift
    done
    start_screen "$columns" "$rows" \
        "env V6_SERVER_URL=$SERVER_URL V6_CONFIG_DIR=$WORK/console/alpha V6_STATE_DIR=$WORK/console/alpha \
        V6_CACHE_DIR=$WORK/console/alpha V6_PRIVATE_KEY=$WORK/keys/alpha.pem ${variables[*]} $BIN/v6-console ${arguments[*]}"
    shows "Home" "live"
}
close_screen() { # it may be gone already
    [ -z "$tmux_socket" ] || tmux_ kill-server 2>/dev/null || true
}
