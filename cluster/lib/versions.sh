# Which programs the cluster is made of, and where they are kept once built.

readonly CACHE=${XDG_CACHE_HOME:-$HOME/.cache}/peerage/bin
readonly KUBERNETES=1.33.3 ETCD=3.5.21 HELM=3.21.4
readonly KUBERNETES_BIN=$CACHE/kubernetes-$KUBERNETES ETCD_BIN=$CACHE/etcd-$ETCD HELM_BIN=$CACHE/helm-$HELM
