# shellcheck shell=bash
# Processes. Every daemon runs in a cgroup of its own, so the kernel knows which processes are ours:
# no pid file can go stale and point at somebody else's process, and a child cannot escape `down`.

if [[ -e /sys/fs/cgroup/cgroup.procs ]]; then CGROUP=/sys/fs/cgroup/peerage-cluster
elif [[ -e /sys/fs/cgroup/unified/cgroup.procs ]]; then CGROUP=/sys/fs/cgroup/unified/peerage-cluster
else CGROUP=/sys/fs/cgroup/pids/peerage-cluster; fi
readonly CGROUP

enter() { # enter NODE: ENTER becomes the command that runs another one on that node
  # Not `ip netns exec`: it mounts a new /sys and so hides the cgroups from the kubelet.
  ENTER=(nsenter --net="$(netns_file "$1")" --uts="$(uts_file "$1")" -- env
    KUBECONFIG="$ADMIN" KUBECACHEDIR="$STATE/kubectl" VTYSH_HISTFILE=/dev/null
    HELM_CACHE_HOME="$STATE/helm/cache" HELM_CONFIG_HOME="$STATE/helm/config" HELM_DATA_HOME="$STATE/helm/data"
    PATH="$KUBERNETES_BIN:$HELM_BIN:$PATH")
}

inside() { enter "$1"; "${ENTER[@]}" "${@:2}" 8<&-; } # inside NODE COMMAND...
become() { enter "$1"; exec "${ENTER[@]}" "${@:2}"; } # the same in place of this script, so that signals reach the command

start() { # start NAME NODE PROGRAM ARGUMENT...: in the background, unless it runs already
  local name=$1 node=$2; shift 2
  if running "$name" "$1"; then return; fi
  mkdir -p "$CGROUP/$name"
  (
    echo "$BASHPID" >"$CGROUP/$name/cgroup.procs"
    echo "$BASHPID" >>"$STATE/started"
    enter "$node"
    exec 8<&- setsid "${ENTER[@]}" "$@"
  ) </dev/null >>"$LOGS/$name.log" 2>&1 &
}

running() { # running NAME PROGRAM
  local pid program=${2##*/}
  for pid in $(processes "$1"); do
    if [[ $(cat "/proc/$pid/comm" 2>/dev/null) == "${program:0:15}" ]]; then return 0; fi
  done
  return 1
}

processes() { local name; for name in "$@"; do cat "$CGROUP/$name/cgroup.procs" 2>/dev/null || true; done; }
daemons() { if [[ -d $CGROUP ]]; then find "$CGROUP" -mindepth 1 -maxdepth 1 -type d -printf '%f\n'; fi; }

stop() { # stop SECONDS NAME...: TERM, and KILL when that does not end them within the seconds
  local deadline=$((SECONDS + $1)) pids signal=TERM; shift
  while mapfile -t pids < <(processes "$@"); [[ ${#pids[@]} -gt 0 ]]; do
    if [[ $signal ]]; then kill -"$signal" "${pids[@]}" 2>/dev/null || true; fi
    signal=
    if ((SECONDS >= deadline)); then signal=KILL; fi
    sleep 0.1
  done
}

kill_at_once() { # kill_at_once COMMAND...: KILL to the processes that the command lists, until it lists none
  local pids
  while mapfile -t pids < <("$@"); [[ ${#pids[@]} -gt 0 ]]; do
    kill -KILL "${pids[@]}" 2>/dev/null || true
    sleep 0.1
  done
}

kill_everything() { # the containers too, and what still runs in our network namespaces, but not this script
  local pids signal=TERM deadline=$((SECONDS + 3))
  while mapfile -t pids < <(our_processes); [[ ${#pids[@]} -gt 0 ]]; do
    kill -"$signal" "${pids[@]}" 2>/dev/null || true
    if ((SECONDS >= deadline)); then signal=KILL; fi
    sleep 0.1
  done
}

our_processes() {
  local node
  {
    find "${CGROUP}" "${CONTAINER_CGROUPS[@]}" -name cgroup.procs -exec cat {} + 2>/dev/null || true
    for node in "${NODES[@]}" router client; do ip netns pids "peerage-$node" 2>/dev/null || true; done
  } | sort -u | grep -vxF -e "$$" -e 0 || true
}

remove_cgroups() {
  local cgroup
  for cgroup in "$CGROUP" "${CONTAINER_CGROUPS[@]}"; do
    if [[ -d $cgroup ]]; then find "$cgroup" -depth -type d -exec rmdir {} +; fi
  done
  for cgroup in /sys/fs/cgroup{,/*}/k8s.io; do rmdir "$cgroup" 2>/dev/null || true; done # unless it holds containers of others
}

unmount_below() { # unmount_below FOLDER...: the newest mounts first, since they may lie on older ones
  local folder mount
  for folder in "$@"; do
    awk -v below="$folder/" 'index($5, below) == 1 { print $5 }' /proc/self/mountinfo | tac |
      while read -r mount; do umount -l "$(printf '%b' "$mount")"; done
  done
}

wait_until() { # wait_until SECONDS WHAT DAEMON COMMAND...: gives up early when the daemon has ended
  local begin=$SECONDS limit=$1 what=$2 daemon=$3; shift 3
  until "$@" >/dev/null 2>&1; do
    if ((SECONDS >= begin + limit)) || { ((SECONDS >= begin + 3)) && [[ -z $(processes "$daemon") ]]; }; then
      tail -n 5 "$LOGS/$daemon.log" >&2 || true
      die "$what did not come up; its log: $LOGS/$daemon.log; try again with: $0 up"
    fi
    sleep 0.1
  done
}
