# shellcheck shell=bash
# Debian's packages, for scripts that have `say` (to standard error) and `die`.

need_packages() { # need_packages PROGRAM=PACKAGE...: installs the packages of the programs that are missing
  local each missing=()
  for each in "$@"; do command -v "${each%%=*}" >/dev/null || missing+=("${each#*=}"); done
  [[ ${#missing[@]} -gt 0 ]] || return 0
  mapfile -t missing < <(printf '%s\n' "${missing[@]}" | sort -u)
  install_packages "${missing[@]}"
}

# Root on Debian installs them; anybody else is told how. No service that they bring is started or enabled.
install_packages() { # install_packages PACKAGE...
  local install="apt-get -o DPkg::Lock::Timeout=300 install -y --no-install-recommends $*"
  [[ -e /etc/debian_version ]] || die "missing on this machine: $*; on Debian: $install"
  [[ $EUID -eq 0 ]] || die "missing on this machine: $*; as root: $install"
  say "  missing on this machine: $*"
  say "  $install"
  local before=
  if [[ -d /run/systemd/system ]]; then before=$(services); fi
  (
    policy=/usr/sbin/policy-rc.d
    if [[ ! -e $policy ]]; then # keeps the packages from starting services of their own
      printf '#!/bin/sh\nexit 101\n' >$policy
      chmod +x $policy
      trap 'rm -f $policy' EXIT
    fi
    export DEBIAN_FRONTEND=noninteractive
    # shellcheck disable=SC2086 # one word for each argument
    apt-get update -qq && $install
  ) >&2 </dev/null || die "the packages cannot be installed; try: apt-get update && $install"
  if [[ -d /run/systemd/system ]]; then # what was there before is the owner's business
    local service
    for service in $(comm -13 <(echo "$before") <(services)); do systemctl disable --now "$service" >&2 2>/dev/null || true; done
  fi
}

services() { systemctl list-unit-files --no-legend --state=enabled --type=service,socket,timer | cut -d' ' -f1 | sort; }
