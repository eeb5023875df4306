# `make image` builds this: it first lays out target/image (runtime, libraries, program; see image/runtime), which is all
# that is copied here. The base only has to be a Linux with glibc of the machine's architecture.
ARG BASE=docker.io/library/debian:12-slim
FROM ${BASE}

LABEL org.opencontainers.image.title="Peerage" \
      org.opencontainers.image.description="A BGP control plane for any Kubernetes cluster that speaks Cilium's BGP API" \
      org.opencontainers.image.licenses="Apache-2.0"

COPY target/image/ /

USER 65532:65532
WORKDIR /tmp
ENTRYPOINT ["/usr/bin/peerage"]
CMD ["--help"]
