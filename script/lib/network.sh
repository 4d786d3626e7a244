# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
# The demo network: v6-server, an open and an encrypted collaboration of three organizations, and a v6-node for each of
# the six memberships (a node belongs to one collaboration). Needs common.sh and engine.sh.

SITES=(alpha beta gamma)
KINDS=(open encrypted)
BIN=${V6_BIN:-$ROOT/.build/debug}

export V6_PROMPT_DISABLED=1

# --- programs

build_programs() {
    [ -z "${V6_SKIP_BUILD:-}" ] || return 0
    quietly "$WORK/log/build.log" swift build --package-path "$ROOT" || fail "the build failed" "Its last lines are above."
}
build_images() {
    quietly "$WORK/log/images.log" "$ROOT/examples/algorithms/build-images" --registry "$REGISTRY" --programs "$BIN" ||
        fail "the algorithm images could not be built" "The messages are above."
}

# --- console: each person signs in from a home of their own

console() { # console PERSON ARGUMENT...
    local person=$1
    shift
    V6_SERVER_URL=$SERVER_URL V6_CONFIG_DIR=$WORK/console/$person V6_STATE_DIR=$WORK/console/$person \
        V6_CACHE_DIR=$WORK/console/$person V6_PRIVATE_KEY=$WORK/keys/$person.pem "$BIN/v6-console" "$@"
}
sign_in() { # sign_in PERSON
    console "$1" login --username "$1" --password-file "$WORK/passwords/$1"
}
field() { # field NAME: of the JSON object on standard input
    python3 -c 'import json, sys; print(json.load(sys.stdin)[sys.argv[1]])' "$1"
}
random_text() { python3 -c 'import secrets; print("V6-" + secrets.token_urlsafe(18))'; }
create() { # create PATH NAME=VALUE...: as the administrator; prints what the server answers. NAME:=JSON is taken as it is
    local path=$1
    shift
    console root api POST "$path" "$(python3 - "$@" <<'PY'
import json, sys
body = {}
for part in sys.argv[1:]:
    name, _, value = part.partition("=")
    body[name.rstrip(":")] = json.loads(value) if name.endswith(":") else value
print(json.dumps(body))
PY
)"
}

# --- server

server_up() { # sets SERVER_URL
    SERVER_PORT=$(free_port 7601)
    SERVER_URL=http://127.0.0.1:$SERVER_PORT
    mkdir -p "$WORK/server" "$WORK/passwords"
    random_text >"$WORK/passwords/root"
    start_server
}
start_server() {
    local file=()
    if [ -f "$WORK/server/server.yaml" ]; then file=(--config "$WORK/server/server.yaml"); fi # a test may put one there
    V6_ROOT_PASSWORD=$(cat "$WORK/passwords/root") start_process server "$BIN/v6-server" start "${file[@]}" \
        --database "sqlite:///$WORK/server/server.sqlite" --host 127.0.0.1 --port "$SERVER_PORT" --api-path /api
    wait_for_process server 30 curl -fsS --noproxy '*' --max-time 2 "$SERVER_URL/api/version" ||
        fail "v6-server did not start" "Its messages are above."
}

# --- organizations, users, keys, collaborations, nodes

seed() {
    local site kind key roles organizations=() joined organization collaboration node
    mkdir -p "$WORK/keys" "$WORK/nodes"
    local keys=()
    for site in "${SITES[@]}"; do # the slowest part, so all at once
        console "$site" key generate "$WORK/keys/$site.pem" &
        keys+=($!)
    done
    sign_in root
    roles=$(console root api GET /role | python3 -c '
import json, sys
wanted = ("Researcher", "Organization Admin")
print(json.dumps([role["id"] for role in json.load(sys.stdin)["data"] if role["name"] in wanted]))')
    for key in "${keys[@]}"; do wait "$key"; done
    for site in "${SITES[@]}"; do
        organization=$(create /organization "name=$site" "domain=$site.example" country=NL address1= address2= zipcode= | field id)
        organizations+=("$organization")
        random_text >"$WORK/passwords/$site"
        create /user "username=$site" "password=$(cat "$WORK/passwords/$site")" "email=research@$site.example" \
            firstname=Researcher "lastname=$site" "organization_id:=$organization" "roles:=$roles" >/dev/null
        sign_in "$site"
        console "$site" organization set-key "$WORK/keys/$site.pem"
    done
    joined=$(IFS=,; printf '[%s]' "${organizations[*]}")
    for kind in "${KINDS[@]}"; do
        collaboration=$(create /collaboration "name=$kind" "organization_ids:=$joined" \
            "encrypted:=$([ "$kind" = encrypted ] && echo true || echo false)" | field id)
        for site in "${!SITES[@]}"; do
            node=$(create /node "name=$kind-${SITES[$site]}" "organization_id:=${organizations[$site]}" \
                "collaboration_id:=$collaboration" | field api_key)
            write_node "$kind" "${SITES[$site]}" "$node"
        done
    done
}
seed_quietly() { quietly "$WORK/log/seed.log" seed; }
node_file() { printf '%s/nodes/%s-%s.yaml' "$WORK" "$(basename "$WORK")" "$1"; } # its stem names the node's containers
node_socket() { printf '%s/xdg/data/vantage6/node/%s/control.sock' "$WORK" "$(basename "$(node_file "$1")" .yaml)"; } # for its operator
write_node() { # write_node KIND SITE API-KEY
    local name=$1-$2
    (umask 077 && cat >"$(node_file "$name")") <<YML
api_key: $3
server_url: http://127.0.0.1
port: $SERVER_PORT
api_path: /api
task_dir: $WORK/nodes/$name
databases:
  - label: default
    uri: $ROOT/examples/data/$2.csv
    type: csv
encryption:
  enabled: $([ "$1" = encrypted ] && echo true || echo false)
  private_key: $WORK/keys/$2.pem
policies:
  allowed_algorithms:
    - ^${REGISTRY//./\\.}/v6/[a-z]+:[0-9a-z]+
isolation:
  memory: 1g
  output_size: 64m
  shared_size: 128m
logging:
  level: DEBUG
  use_console: true
  backup_count: 2
  max_size: 1024
  format: "%(asctime)s %(name)s %(levelname)s %(message)s"
  datefmt: "%Y-%m-%d %H:%M:%S"
YML
}

# --- nodes

node_names() { # node_names [KIND...]
    local kind site
    for kind in "${@:-${KINDS[@]}}"; do
        for site in "${SITES[@]}"; do printf '%s-%s\n' "$kind" "$site"; done
    done
}
start_node() { # start_node KIND-SITE
    start_process "$1" "$BIN/v6-node" start --config "$(node_file "$1")"
}
node_is_online() { # node_is_online KIND-SITE
    console root api GET "/node?name=$1" | python3 -c '
import json, sys
sys.exit(0 if [node["status"] for node in json.load(sys.stdin)["data"]] == ["online"] else 1)'
}
nodes_up() {
    local name
    for name in $(node_names "$@"); do start_node "$name"; done
    for name in $(node_names "$@"); do
        wait_for_process "$name" 60 node_is_online "$name" || fail "the node $name did not come online" "Its messages are above."
    done
}
nodes_down() {
    local name
    for name in $(node_names "$@"); do stop_process "$name"; done
}

# --- the whole

network_down() { # stops what was started, in the order of dependence; leaves nothing
    local name containers=()
    [ -n "${WORK:-}" ] && [ -d "$WORK" ] || return 0
    for name in $(node_names); do
        stop_process "$name" || say "   $name could not be stopped"
        containers+=("$(basename "$(node_file "$name")" .yaml)")
    done
    stop_process server || say "   the server could not be stopped"
    remove_containers "${containers[@]}" || say "   some containers could not be removed"
    remove_images || say "   some images could not be removed"
    registry_down || say "   the registry could not be stopped"
    engine_down || say "   the engine could not be stopped"
    remove_work_folder
}

# --- the whole of it, for a script that needs one

demo_network() { # that of V6_DEMO_DIR, which sets borrowed, or a new one
    if [ -n "${V6_DEMO_DIR:-}" ] && [ -f "$V6_DEMO_DIR/network.env" ]; then
        # shellcheck disable=SC2034 # for whoever has to stop it
        borrowed=1
        WORK=$V6_DEMO_DIR
        # shellcheck source=/dev/null
        . "$WORK/network.env"
        return
    fi
    make_work_folder
    step "Build" build_programs
    step "Container engine" engine_up
    step "Image registry" registry_up
    step "Algorithm images" build_images
    step "Server" server_up
    step "Organizations, users, keys, collaborations" seed_quietly
    step "Six nodes online" nodes_up
}
