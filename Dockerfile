# `make image` builds this: it first lays out target/image (runtime, libraries, program; see image/runtime), which is all
# that is copied here. The base only has to be a Linux with glibc of the machine's architecture.
ARG BASE=docker.io/library/debian:12-slim
FROM ${BASE}

LABEL org.opencontainers.image.title="Peerage" \
      org.opencontainers.image.description="A BGP control plane for any Kubernetes cluster that speaks Cilium's BGP API" \
      org.opencontainers.image.licenses="Apache-2.0"

COPY target/image/ /

# For the chart's agent.bindPrivilegedPorts: a copy of setpriv that may hand on the right to listen below port 1024, where
# the container has it. Kubernetes gives that right to no process that is not root; a capability of a file does. Written
# with what every Debian has, as setcap is in no base. A base without it makes an image without the value.
RUN if command -v setpriv perl >/dev/null; then \
      mkdir -p /usr/libexec/peerage && cp "$(command -v setpriv)" /usr/libexec/peerage/low-ports \
      && perl -e 'my ($file, $name, $right) = (@ARGV, "security.capability", pack("V5", 0x02000000, 1 << 10, 0, 0, 0)); \
           my $setxattr = {x86_64 => 188, aarch64 => 5}->{qx(uname -m) =~ s/\s//gr}; \
           syscall($setxattr, $file, $name, $right, length $right, 0) == 0 or die "$file: $!\n"' \
           /usr/libexec/peerage/low-ports; \
    fi

USER 65532:65532
WORKDIR /tmp
ENTRYPOINT ["/usr/bin/peerage"]
CMD ["--help"]
