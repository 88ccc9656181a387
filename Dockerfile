# cei with its native library and the libtorch it needs, on Debian.
#   docker build -t cei .                          with Debian's libtorch, for the CPU
#   docker build -t cei:cuda --target cuda .       with PyTorch's libtorch and its CUDA libraries; the host brings the driver
#   docker build -t cei:serve --target serve .     the first with a port and a health check, for a server outside an orchestrator
#   docker run --rm -v "$PWD:/data" cei --help
# All images are of one Debian release. Debian 13 with its libtorch 2.6 instead of Debian 12 with 1.13:
#   docker build --build-arg GO_IMAGE=golang:1.26-trixie --build-arg RUNTIME_IMAGE=debian:trixie-slim -t cei .
ARG GO_IMAGE=golang:1.26-bookworm
ARG RUNTIME_IMAGE=debian:bookworm-slim

# The program needs no libtorch to be built.
FROM ${GO_IMAGE} AS program
WORKDIR /src
COPY go.mod go.sum ./
RUN go mod download
COPY . .
RUN go build -trimpath -o /out/cei ./cmd/cei

FROM ${RUNTIME_IMAGE} AS runtime
RUN apt-get update \
 && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends tini \
 && rm -rf /var/lib/apt/lists/* \
 && install -d -o 65532 -g 65532 /data /runs
COPY --from=program /out/cei /usr/local/bin/cei
ARG VERSION=unreleased
ARG REVISION=unknown
ARG CREATED=1970-01-01T00:00:00Z
LABEL org.opencontainers.image.title="cei" \
      org.opencontainers.image.description="From the ion momenta of a Coulomb explosion to the molecular geometry before it" \
      org.opencontainers.image.source="https://github.com/gocei/gocei" \
      org.opencontainers.image.licenses="Apache-2.0" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}" \
      org.opencontainers.image.created="${CREATED}"
# The root file system may be read-only: what is temporary goes to /tmp, results to the volumes.
ENV HOME=/tmp
VOLUME ["/data", "/runs"]
WORKDIR /data
# tini hands signals on and collects children; cei checkpoints at SIGTERM, so a container is given time to end.
ENTRYPOINT ["tini", "--", "cei"]
CMD ["--help"]

# The shim alone, so that a change of Go code does not compile the C++ again.
FROM ${GO_IMAGE} AS shim-cpu
WORKDIR /src
COPY scripts scripts
COPY cgo/ceitorch.h cgo/
COPY cgo/shim cgo/shim
RUN scripts/setup --native

FROM runtime AS cpu
# The runtime package carries libtorch's version in its name, which libtorch-dev's dependencies tell.
RUN apt-get update \
 && libtorch=$(apt-cache depends libtorch-dev | awk '/Depends: libtorch[0-9]/ { print $2 }') \
 && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends "$libtorch" libopenblas0-openmp \
 && rm -rf /var/lib/apt/lists/*
COPY --from=shim-cpu /src/build/lib/libceitorch.so /usr/local/lib/libceitorch.so
USER 65532:65532

# deploy/cuda/torch-TORCH_VERSION.txt pins the wheels by checksum; pip refuses any other content.
FROM ${GO_IMAGE} AS shim-cuda
ARG TORCH_VERSION=2.15.0
WORKDIR /src
COPY deploy/cuda deploy/cuda
RUN apt-get update \
 && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends python3-pip \
 && pip install --no-cache-dir --no-compile --no-deps --only-binary=:all: --require-hashes --target /opt/torch -r "deploy/cuda/torch-$TORCH_VERSION.txt"
COPY scripts scripts
COPY cgo/ceitorch.h cgo/
COPY cgo/shim cgo/shim
RUN LIBTORCH=/opt/torch/torch scripts/setup --native \
 && scripts/bundle build/lib/libceitorch.so /bundle

FROM runtime AS cuda
# With these, NVIDIA's container runtime brings the host's driver in.
ENV NVIDIA_VISIBLE_DEVICES=all NVIDIA_DRIVER_CAPABILITIES=compute,utility
COPY --from=shim-cuda /bundle/opt/torch /opt/torch
COPY --from=shim-cuda /src/build/lib/libceitorch.so /usr/local/lib/libceitorch.so
USER 65532:65532

# A training answers no requests, so only this stage has a health check. Kubernetes asks by probes of its own.
FROM cpu AS serve
EXPOSE 8000
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s --retries=3 CMD ["cei", "health"]
CMD ["serve", "--listen", "0.0.0.0:8000", "/runs/model"]

FROM cpu
