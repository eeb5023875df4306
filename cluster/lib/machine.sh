# shellcheck shell=bash
# What the machine must have: Debian's packages, and binaries built once into the user's cache folder.

export PATH=$PATH:/usr/sbin:/sbin:/usr/local/go/bin

# shellcheck source=../../bin/lib/debian.sh
source "$HERE/../bin/lib/debian.sh"

prepare_machine() {
  need_packages containerd=containerd runc=runc /usr/lib/cni/ptp=containernetworking-plugins /usr/lib/frr/bgpd=frr \
    nft=nftables iptables=iptables conntrack=conntrack ip=iproute2 sysctl=procps mount=mount curl=curl openssl=openssl
}

set_clock() { # set_clock OFFSET
  [[ $1 =~ ^[+-][0-9]+$ ]] || die "usage: $0 clock +SECONDS or -SECONDS"
  mkdir -p "$STATE/clock"
  if [[ ! -e $STATE/clock/realtime.so ]]; then
    if ! command -v gcc >/dev/null || [[ ! -e /usr/include/stdio.h ]]; then install_packages gcc libc6-dev; fi
    gcc -O2 -shared -fPIC -Wall -Wextra -Werror -o "$STATE/clock/.realtime.so" "$HERE/clock/realtime.c" -ldl
    mv "$STATE/clock/.realtime.so" "$STATE/clock/realtime.so"
    printf '%-31s\n' +0 >"$STATE/clock/offset"
  fi
  printf '%-31s\n' "$1" | dd of="$STATE/clock/offset" conv=notrunc status=none # in place: processes have mapped it
}

build() {
  mkdir -p "$CACHE"
  exec 7<"$CACHE" # Go inherits this lock: a new build waits for what a killed one left running
  flock -n 7 || { say "  another build is running; waiting for it"; flock 7; }
  rm -rf "$CACHE"/.building-*
  local version=k8s.io/component-base/version commands
  commands=(k8s.io/kubernetes/cmd/{kube-apiserver,kube-controller-manager,kube-proxy,kube-scheduler,kubectl,kubelet})
  build_once "$KUBERNETES_BIN" "about 5 minutes on 2 cores" tools/kubernetes \
    "-X $version.gitVersion=v$KUBERNETES -X $version.gitMajor=1 -X $version.gitMinor=${KUBERNETES:2:2}" "${commands[@]}"
  build_once "$ETCD_BIN" "about 40 seconds" tools/etcd "" go.etcd.io/etcd/server/v3
  build_once "$HELM_BIN" "about 70 seconds" tools/helm \
    "-X helm.sh/helm/v3/internal/version.version=v$HELM" helm.sh/helm/v3/cmd/helm
  IMAGES=$CACHE/images-$(cat "$HERE"/images/go.mod "$HERE"/images/*/main.go "$HERE/lib/machine.sh" | sha256sum | cut -c1-12)
  build_once "$IMAGES" "a few seconds" images "" ./pause ./whoami
  exec 7<&-
}

build_once() { # build_once FOLDER DURATION MODULE LINKER-FLAGS COMMAND...
  local folder=$1 duration=$2 module=$3 flags=$4; shift 4
  if [[ -d $folder ]]; then return; fi
  command -v go >/dev/null || die "Go 1.26 or later is needed to build ${folder##*/}; get it from https://go.dev/dl/"
  say "  building ${folder##*/}: $duration, once"
  local new=$CACHE/.building-${folder##*/}
  mkdir -p "$new"
  (cd "$HERE/$module" && CGO_ENABLED=0 go build -trimpath -buildvcs=false -ldflags "-s -w $flags" -o "$new/" "$@" 8<&-) >&2 ||
    die "${folder##*/} cannot be built; see Go's message above"
  if [[ -e $new/server ]]; then mv "$new/server" "$new/etcd"; fi # Go names it after its package
  if [[ $module == images ]]; then
    image_tar "$new" pause localhost/peerage-pause:1
    image_tar "$new" whoami docker.io/traefik/whoami:latest
  fi
  mv "$new" "$folder" # whole or not at all
}

image_tar() { # image_tar FOLDER PROGRAM NAME: PROGRAM.tar, in the format of `docker save`
  local folder=$1 program=$2 name=$3 work=$1/$2.image
  local plain=(--sort=name --mtime=@0 --owner=0 --group=0 --numeric-owner)
  mkdir "$work"
  tar -C "$folder" "${plain[@]}" -cf "$work/layer.tar" "$program"
  printf '{"architecture":"%s","os":"linux","config":{"Entrypoint":["/%s"]},"rootfs":{"type":"layers","diff_ids":["sha256:%s"]}}' \
    "$(go env GOARCH)" "$program" "$(sha256sum <"$work/layer.tar" | cut -d' ' -f1)" >"$work/config.json"
  printf '[{"Config":"config.json","RepoTags":["%s"],"Layers":["layer.tar"]}]' "$name" >"$work/manifest.json"
  tar -C "$work" "${plain[@]}" -cf "$folder/$program.tar" config.json layer.tar manifest.json
  rm -r "$work"
}
