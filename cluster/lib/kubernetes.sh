# shellcheck shell=bash
# Kubernetes: etcd and the control plane on k8s-ctr; containerd, kubelet and kube-proxy on every node.

readonly CONTROL_PLANE=(etcd kube-apiserver kube-controller-manager kube-scheduler)

expected_daemons() {
  local name node
  for name in zebra bgpd staticd "${CONTROL_PLANE[@]}"; do echo "$name $name"; done
  for node in "${NODES[@]}"; do
    for name in containerd kubelet kube-proxy; do echo "$node.$name $name"; done
  done
}

containerds_up() {
  local node fresh=()
  for node in "${NODES[@]}"; do
    if running "$node.containerd" containerd; then continue; fi
    mkdir -p "$STATE/$node/cni"
    containerd_config "$node" >"$STATE/$node/containerd.toml"
    cni_config "$node" >"$STATE/$node/cni/10-pods.conflist"
    start_containerd "$node"
    fresh+=("$node")
  done
  for node in "${fresh[@]}"; do wait_for_containerd "$node"; done
  if [[ ${#fresh[@]} -eq 0 ]]; then return; fi
  import_image "$IMAGES/pause.tar" "${fresh[@]}"
  import_image "$IMAGES/whoami.tar" "${fresh[@]}"
}

start_containerd() { start "$1.containerd" "$1" containerd --config "$STATE/$1/containerd.toml"; }
wait_for_containerd() { wait_until 30 "containerd on $1" "$1.containerd" containerd_answers "$1"; }
containerd_answers() { ctr -a "$STATE/$1/containerd.sock" version; }

import_image() { # import_image TAR NODE...
  local tar=$1 node imports=() import; shift
  for node in "$@"; do
    ctr -a "$STATE/$node/containerd.sock" -n k8s.io images import "$tar" >>"$LOGS/$node.images.log" 2>&1 &
    imports+=($!)
  done
  for import in "${imports[@]}"; do
    wait "$import" || die "containerd refused the image $tar: $(tail -qn 1 "$LOGS"/*.images.log | tail -n 1)"
  done
}

containerd_config() {
  # overlayfs cannot lie on itself, as it would where this machine is a container.
  local snapshotter=overlayfs
  if [[ $(stat -f -c %T "$DATA") == overlayfs ]]; then snapshotter=native; fi
  cat <<END
version = 2
root = "$DATA/$1/containerd"
state = "$STATE/$1/containerd"
[grpc]
  address = "$STATE/$1/containerd.sock"
[plugins."io.containerd.internal.v1.opt"]
  path = "$DATA/$1/opt"
[plugins."io.containerd.grpc.v1.cri"]
  sandbox_image = "localhost/peerage-pause:1"
  stream_server_port = "0"
  restrict_oom_score_adj = true
  disable_apparmor = true
  netns_mounts_under_state_dir = true
  [plugins."io.containerd.grpc.v1.cri".cni]
    bin_dir = "/usr/lib/cni"
    conf_dir = "$STATE/$1/cni"
  [plugins."io.containerd.grpc.v1.cri".containerd]
    snapshotter = "$snapshotter"
    [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc]
      runtime_type = "io.containerd.runc.v2"
      [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc.options]
        Root = "$STATE/$1/runc"
END
}

cni_config() {
  # Point to point, not a bridge: between two pods of one node too, every packet passes kube-proxy's rules.
  cat <<END
{"cniVersion": "0.4.0", "name": "peerage-$1", "plugins": [
  {"type": "ptp", "ipam": {"type": "host-local", "dataDir": "$STATE/$1/addresses",
    "ranges": [[{"subnet": "${POD_CIDR[$1]}"}]], "routes": [{"dst": "0.0.0.0/0"}]}},
  {"type": "portmap", "capabilities": {"portMappings": true}}
]}
END
}

control_plane_up() {
  mkdir -p "$STATE/pki" "$STATE/kubeconfig"
  chmod 700 "$STATE/pki" "$STATE/kubeconfig"
  [[ -s $STATE/pki/service-accounts.key ]] || openssl genrsa -out "$STATE/pki/service-accounts.key" 2048 2>/dev/null
  [[ -s $STATE/pki/tokens.csv ]] || tokens >"$STATE/pki/tokens.csv"
  write_kubeconfigs

  start etcd k8s-ctr "$ETCD_BIN/etcd" --data-dir="$STATE/etcd" --unsafe-no-fsync --logger=zap --log-level=warn
  wait_until 30 etcd etcd inside k8s-ctr curl -fsS --max-time 2 http://127.0.0.1:2379/health
  start kube-apiserver k8s-ctr "$KUBERNETES_BIN/kube-apiserver" \
    --etcd-servers=http://127.0.0.1:2379 --cert-dir="$STATE/pki" --advertise-address="${ADDRESS[k8s-ctr]}" \
    --service-cluster-ip-range=10.96.0.0/16 --authorization-mode=Node,RBAC --enable-admission-plugins=NodeRestriction \
    --token-auth-file="$STATE/pki/tokens.csv" --service-account-issuer=https://kubernetes.default.svc \
    --service-account-key-file="$STATE/pki/service-accounts.key" \
    --service-account-signing-key-file="$STATE/pki/service-accounts.key" \
    --kubelet-preferred-address-types=InternalIP --allow-privileged
  wait_until 120 kube-apiserver kube-apiserver api_server_ready

  start kube-controller-manager k8s-ctr "$KUBERNETES_BIN/kube-controller-manager" \
    --kubeconfig="$STATE/kubeconfig/kube-controller-manager" --allocate-node-cidrs=false \
    --service-account-private-key-file="$STATE/pki/service-accounts.key" --root-ca-file="$STATE/pki/apiserver.crt" \
    --use-service-account-credentials --cert-dir="$STATE/pki/kube-controller-manager"
  start kube-scheduler k8s-ctr "$KUBERNETES_BIN/kube-scheduler" --kubeconfig="$STATE/kubeconfig/kube-scheduler" \
    --authentication-kubeconfig="$STATE/kubeconfig/kube-scheduler" \
    --authorization-kubeconfig="$STATE/kubeconfig/kube-scheduler" --cert-dir="$STATE/pki/kube-scheduler"
}

api_server_ready() { inside k8s-ctr curl -fsS --max-time 2 --cacert "$STATE/pki/apiserver.crt" "$API_SERVER/readyz"; }

users() { # file user group
  local node
  echo "admin admin system:masters"
  for name in kube-controller-manager kube-scheduler kube-proxy; do echo "$name system:$name -"; done
  for node in "${NODES[@]}"; do echo "$node system:node:$node system:nodes"; done
}

tokens() {
  local file user group
  while read -r file user group; do
    printf '%s,%s,%s,%s\n' "$(openssl rand -hex 16)" "$user" "$user" "${group#-}"
  done < <(users)
}

write_kubeconfigs() {
  local file user group token
  while read -r file user group; do
    token=$(awk -F, -v user="$user" '$2 == user { print $1 }' "$STATE/pki/tokens.csv")
    cat >"$STATE/kubeconfig/$file" <<END
apiVersion: v1
kind: Config
clusters: [{name: peerage, cluster: {server: "$API_SERVER", certificate-authority: $STATE/pki/apiserver.crt}}]
users: [{name: "$user", user: {token: $token}}]
contexts: [{name: peerage, context: {cluster: peerage, user: "$user"}}]
current-context: peerage
END
  done < <(users)
}

nodes_up() {
  local node
  for node in "${NODES[@]}"; do node_object "$node"; done | kubectl apply -f - >>"$LOGS/nodes.log" 2>&1
  for node in "${NODES[@]}"; do
    kubelet_config "$node" >"$STATE/$node/kubelet.yaml"
    kube_proxy_config "$node" >"$STATE/$node/kube-proxy.yaml"
    start_kubelet "$node"
    start_kube_proxy "$node"
  done
  wait_until 90 "a Ready node" k8s-ctr.kubelet kubectl wait node --all --for=condition=Ready --timeout=5s
  wait_until 30 "the default service account" kube-controller-manager kubectl get serviceaccount default
}

start_kubelet() {
  start "$1.kubelet" "$1" "$KUBERNETES_BIN/kubelet" --config="$STATE/$1/kubelet.yaml" \
    --kubeconfig="$STATE/kubeconfig/$1" --hostname-override="$1" --node-ip="${ADDRESS[$1]}" \
    --root-dir="$DATA/$1/kubelet" --cert-dir="$STATE/$1/pki"
}

start_kube_proxy() { start "$1.kube-proxy" "$1" "$KUBERNETES_BIN/kube-proxy" --config="$STATE/$1/kube-proxy.yaml"; }

crash() { # crash NODE: a power cut leaves what lies on the disk
  at router link set "$1" down
  find_containers "$1"
  kill_at_once processes_of_node "$1"
  unmount_below "$STATE/$1/containerd" "$DATA/$1/kubelet"
  rm -rf "$STATE/$1/containerd"
  local family
  for family in ip ip6; do inside "$1" nft delete table "$family" kube-proxy 2>/dev/null || true; done
  inside "$1" conntrack -F 2>/dev/null || true
}

processes_of_node() { # processes_of_node NODE, once its containers are found
  processes "$1.kubelet" "$1.kube-proxy" "$1.containerd"
  local cgroup
  for cgroup in "${CONTAINER_CGROUPS[@]}"; do cat "$cgroup/cgroup.procs" 2>/dev/null || true; done
}

power_on() { at router link set "$1" up; }

node_object() {
  local label=
  if [[ $1 == k8s-ctr ]]; then label='node-role.kubernetes.io/control-plane: ""'; fi
  cat <<END
---
apiVersion: v1
kind: Node
metadata: {name: $1, labels: {kubernetes.io/hostname: $1${label:+, $label}}}
spec: {podCIDR: ${POD_CIDR[$1]}, podCIDRs: [${POD_CIDR[$1]}]}
END
}

kubelet_config() {
  # The kubelet runs without the right to raise limits and beside two others: it must not divide the machine.
  cat <<END
apiVersion: kubelet.config.k8s.io/v1beta1
kind: KubeletConfiguration
containerRuntimeEndpoint: unix://$STATE/$1/containerd.sock
authentication: {anonymous: {enabled: true}, webhook: {enabled: false}}
authorization: {mode: AlwaysAllow}
cgroupDriver: cgroupfs
cgroupsPerQOS: false
enforceNodeAllocatable: []
oomScoreAdj: 0
failSwapOn: false
localStorageCapacityIsolation: false
evictionHard: {}
imageGCHighThresholdPercent: 100
makeIPTablesUtilChains: false
resolvConf: ""
podLogsDir: $STATE/$1/pods
volumePluginDir: $STATE/$1/volume-plugins
featureGates: {KubeletInUserNamespace: true}
END
}

kube_proxy_config() {
  cat <<END
apiVersion: kubeproxy.config.k8s.io/v1alpha1
kind: KubeProxyConfiguration
mode: nftables
hostnameOverride: $1
clusterCIDR: 172.20.0.0/16
clientConnection: {kubeconfig: $STATE/kubeconfig/kube-proxy}
conntrack: {maxPerCore: 0, min: 0}
END
}

# Folders that Kubernetes, containerd, CNI or FRR write to whatever their configuration says.
readonly SHARED_FOLDERS=(/var/lib/kubelet /var/lib/cni /var/log/containers /run/containerd /run/netns /var/run/frr /run/xtables.lock)

remember_foreign_paths() {
  local path
  for path in "${SHARED_FOLDERS[@]}"; do if [[ -e $path ]]; then echo "$path"; fi; done >"$STATE/foreign"
}

# containerd keeps a folder for every container that runs or has not been cleared away yet.
find_containers() { # find_containers NODE...: sets CONTAINER_FILES and CONTAINER_CGROUPS: what containers have outside our folders
  local node container cgroup
  CONTAINER_FILES=() CONTAINER_CGROUPS=()
  for node in "$@"; do
    for container in "$STATE/$node"/containerd/io.containerd.runtime.v2.task/k8s.io/*; do
      [[ -d $container ]] || continue
      if [[ -s $container/address ]]; then CONTAINER_FILES+=("$(sed 's,^unix://,,' "$container/address")"); fi
      CONTAINER_FILES+=(/var/lib/cni/results/*"-${container##*/}-"*)
      for cgroup in /sys/fs/cgroup{,/*}"/k8s.io/${container##*/}"; do
        if [[ -d $cgroup ]]; then CONTAINER_CGROUPS+=("$cgroup"); fi
      done
    done
  done
}

remove_kubernetes_traces() { # whatever was there before `up` belongs to somebody else and stays
  find /var/log/containers -lname "$STATE/*" -delete 2>/dev/null || true
  if [[ ! -e $STATE/foreign ]]; then return; fi
  local path
  for path in "${SHARED_FOLDERS[@]}"; do
    if [[ ! -e $path ]] || grep -qxF "$path" "$STATE/foreign"; then continue; fi
    case $path in
      /var/lib/kubelet | /run/xtables.lock) rm -rf "$path" ;;
      /run/netns) if [[ -z $(ls -A /run/netns) ]]; then umount -l /run/netns 2>/dev/null || true; rmdir /run/netns; fi ;;
      *) find "$path" -depth -type d -empty -delete ;;
    esac
  done
}
