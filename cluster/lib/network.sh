# shellcheck shell=bash disable=SC2034 # cluster/cluster uses what it does not
# The lab's network: k8s-ctr and k8s-w1 on 192.168.10.0/24, k8s-w0 on 192.168.20.0/24, the FRR router between them; a client
# on the router's 10.10.1.0/24.

readonly FRR_DAEMONS=(bgpd staticd zebra)
readonly FRR_CONFIG=/etc/frr/peerage FRR_RUN=/var/run/frr/peerage # where `-N peerage` makes FRR look
readonly FRR_LOG=$STATE/router/frr.log

netns_file() { echo "/run/netns/peerage-$1"; }
uts_file() { echo "$STATE/$1/uts"; }
at() { local node=$1; shift; ip -n "peerage-$node" "$@"; }

network_up() {
  local node
  for node in router client "${NODES[@]}"; do add_machine "$node"; done

  at router link add eth1 type bridge
  at router address add 192.168.10.200/24 dev eth1
  at router link add eth2 type bridge
  at router address add 192.168.20.200/24 dev eth2
  # The lab's loop1 and loop2 are dummies, which not every kernel has. One end of a pair has a carrier as well.
  at router link add loop1 type veth peer name eth1 netns peerage-client
  at router address add 10.10.1.200/24 dev loop1
  at router link add loop2 type veth peer name loop2-far
  at router address add 10.10.2.200/24 dev loop2
  for link in eth1 eth2 loop1 loop2 loop2-far; do at router link set "$link" up; done
  inside router sysctl -qw net.ipv4.fib_multipath_hash_policy=1
  # Who asks from the router itself may change to another next hop with every change of any route; who asks from here may not.
  local number
  for number in {100..107}; do at client address add "10.10.1.$number/24" dev eth1; done
  at client link set eth1 up
  # Nothing is sent twice before 5 s: on a busy machine an answer may take longer than the 200 ms that are usual.
  at client route add default via 10.10.1.200 rto_min 5s

  connect k8s-ctr eth1 192.168.10.200
  connect k8s-w1 eth1 192.168.10.200
  connect k8s-w0 eth2 192.168.20.200
}

add_machine() {
  ip netns add "peerage-$1"
  mkdir -p "$STATE/$1"
  touch "$(uts_file "$1")"
  unshare --uts="$(uts_file "$1")" hostname "$1"
  at "$1" link set lo up
  inside "$1" sysctl -qw net.ipv4.ip_forward=1
}

connect() { # connect NODE BRIDGE GATEWAY
  ip link add eth1 netns "peerage-$1" type veth peer name "$1" netns peerage-router
  at router link set "$1" master "$2" up
  at "$1" address add "${ADDRESS[$1]}/24" dev eth1
  at "$1" link set eth1 up
  at "$1" route add default via "$3"
  local network
  for network in 192.168.10.0/24 192.168.20.0/24 172.20.0.0/16; do
    at "$1" route add "$network" via "$3" 2>/dev/null || true # its own network is there already
  done
  # A pod has a route of its own; without this, packets to an address that no pod has would circle to the router and back.
  at "$1" route add blackhole "${POD_CIDR[$1]}"
  # Pods reach what is not a pod under their node's address, as with Cilium's native routing: the API server without BGP too.
  inside "$1" nft "add table ip pods; add chain ip pods out { type nat hook postrouting priority srcnat; };
    add rule ip pods out ip saddr ${POD_CIDR[$1]} ip daddr != 172.20.0.0/16 masquerade"
}

network_down() {
  local node
  for node in "${NODES[@]}" router client; do
    if [[ -e $(netns_file "$node") ]]; then ip netns delete "peerage-$node"; fi
  done
}

router_up() {
  install -d -o frr -g frr "$FRR_CONFIG" "$FRR_RUN" "$STATE/router"
  install -o frr -g frr -m 640 "$HERE/frr.conf" "$FRR_CONFIG/frr.conf"
  echo "service integrated-vtysh-config" >"$FRR_CONFIG/vtysh.conf"
  if running bgpd bgpd && running zebra zebra && running staticd staticd && router_has_its_network; then return; fi

  start_frr zebra zserv.api -s 90000000
  start_frr bgpd bgpd.vty
  start_frr staticd staticd.vty
  inside router vtysh -N peerage -b >>"$LOGS/vtysh.log" 2>&1
  wait_until 20 "the router's table" bgpd router_has_its_network
}

start_frr() { # start_frr DAEMON SOCKET ARGUMENT...
  local daemon=$1 socket=$FRR_RUN/$2; shift 2
  if running "$daemon" "$daemon"; then return; fi
  rm -f "$socket" # an earlier daemon may have left it
  start "$daemon" router "/usr/lib/frr/$daemon" -N peerage -F traditional -A 127.0.0.1 "$@"
  wait_until 20 "$daemon" "$daemon" test -S "$socket"
}

router_has_its_network() { inside router vtysh -N peerage -c 'show ip bgp' | grep -q '^\*> 10\.10\.1\.0/24'; }

remove_router_traces() { # a killed FRR daemon leaves its log buffer, named by its process
  local pid
  rm -rf "$FRR_CONFIG" "$FRR_RUN"
  if [[ -e $STATE/started ]]; then while read -r pid; do rm -rf /var/tmp/frr/*."$pid"; done <"$STATE/started"; fi
}

vtysh_commands() { # one command a line
  local commands command arguments=()
  mapfile -t commands <<<"$1"
  for command in "${commands[@]}"; do arguments+=(-c "$command"); done
  become router vtysh -N peerage "${arguments[@]}"
}
