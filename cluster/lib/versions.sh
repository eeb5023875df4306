# shellcheck shell=bash disable=SC2034 # whoever sources this uses them
# Which programs the scripts use that no package has in the right version, and where they are kept once built.

readonly CACHE=${XDG_CACHE_HOME:-$HOME/.cache}/peerage/bin
readonly KUBERNETES=1.33.3 ETCD=3.5.21 HELM=3.21.4 GOBGP=4.8.0 RUFF=0.17.6
readonly KUBERNETES_BIN=$CACHE/kubernetes-$KUBERNETES ETCD_BIN=$CACHE/etcd-$ETCD HELM_BIN=$CACHE/helm-$HELM
readonly GOBGP_BIN=$CACHE/gobgp-$GOBGP RUFF_BIN=$CACHE/ruff-$RUFF
