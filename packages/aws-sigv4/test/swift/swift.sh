#!/bin/bash
# An S3 server that verifies Signature Version 4, on loopback: OpenStack Swift with s3api, from Debian's packages
#   apt-get install -y --no-install-recommends swift-proxy swift-account swift-container swift-object memcached
# usage: swift.sh start | stop | run <command…>     (run: start, run the command with EZ_S3_ENDPOINT set, stop)
# Key "AKIDEXAMPLE:ez", AWS's published example secret, region us-east-1, path-style addressing.
# Exit code 3: Swift is not installed.
set -u
folder=${EZ_SWIFT_FOLDER:-${TMPDIR:-/tmp}/ez-swift}
port=${EZ_SWIFT_PORT:-8086}
endpoint=http://127.0.0.1:$port

stop() {
  for pid in "$folder"/run/*.pid; do
    [ -f "$pid" ] && kill "$(cat "$pid")" 2>/dev/null
  done
  sleep 0.5
  rm -rf "$folder"
}

storage_server() { # name port
  swift-ring-builder "$1.builder" create 4 1 1 >/dev/null
  swift-ring-builder "$1.builder" add "r1z1-127.0.0.1:$2/disk" 1 >/dev/null
  swift-ring-builder "$1.builder" rebalance >/dev/null 2>&1
  cat >"$1-server.conf" <<CONF
[DEFAULT]
bind_ip = 127.0.0.1
bind_port = $2
workers = 0
swift_dir = $folder/etc
devices = $folder/node
mount_check = false
user = $(id -un)
[pipeline:main]
pipeline = $1-server
[app:$1-server]
use = egg:swift#$1
CONF
}

proxy_server() {
  cat >proxy-server.conf <<CONF
[DEFAULT]
bind_ip = 127.0.0.1
bind_port = $port
workers = 0
swift_dir = $folder/etc
user = $(id -un)
[pipeline:main]
pipeline = catch_errors gatekeeper healthcheck cache listing_formats bulk s3api tempauth copy slo dlo versioned_writes symlink proxy-server
[app:proxy-server]
use = egg:swift#proxy
account_autocreate = true
[filter:tempauth]
use = egg:swift#tempauth
user_AKIDEXAMPLE_ez = wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY .admin
[filter:s3api]
use = egg:swift#s3api
location = us-east-1
[filter:cache]
use = egg:swift#memcache
memcache_servers = 127.0.0.1:$((port + 4))
[filter:versioned_writes]
use = egg:swift#versioned_writes
allow_versioned_writes = true
CONF
  for filter in catch_errors gatekeeper healthcheck listing_formats bulk copy slo dlo symlink; do
    printf '[filter:%s]\nuse = egg:swift#%s\n' "$filter" "$filter" >>proxy-server.conf
  done
}

start() {
  for program in swift-proxy-server swift-ring-builder memcached; do
    command -v "$program" >/dev/null || { echo "swift: $program is not installed" >&2; return 3; }
  done
  mkdir -p "$folder"/etc "$folder"/node/disk "$folder"/run "$folder"/log
  cd "$folder/etc" || return 1
  printf '[swift-hash]\nswift_hash_path_suffix = ez\nswift_hash_path_prefix = ez\n[storage-policy:0]\nname = Policy-0\ndefault = yes\n' >swift.conf
  storage_server account $((port + 1))
  storage_server container $((port + 2))
  storage_server object $((port + 3))
  proxy_server
  memcached -u "$(id -un)" -l 127.0.0.1 -p $((port + 4)) -U 0 >"$folder/log/memcached.log" 2>&1 &
  echo $! >"$folder/run/memcached.pid"
  for server in account container object proxy; do
    SWIFT_DIR="$folder/etc" "swift-$server-server" "$folder/etc/$server-server.conf" >"$folder/log/$server.log" 2>&1 &
    echo $! >"$folder/run/$server.pid"
  done
  for _ in $(seq 240); do
    if curl -s -m 2 -o /dev/null "$endpoint/healthcheck"; then
      echo "$endpoint"
      return 0
    fi
    sleep 0.5
  done
  echo "swift: no answer at $endpoint; see $folder/log" >&2
  return 1
}

case ${1:-} in
start) start ;;
stop) stop ;;
run)
  shift
  here=$PWD
  trap stop EXIT
  start || exit $?
  cd "$here" || exit 1
  EZ_S3_ENDPOINT=$endpoint "$@"
  ;;
*)
  echo "usage: $0 start | stop | run <command…>" >&2
  exit 2
  ;;
esac
