# cei with its native library on Debian's CPU libtorch: docker build -t cei . && docker run --rm -v "$PWD:/data" cei --help
# Both images are of one Debian release. Debian 13 with its libtorch 2.6 instead of Debian 12 with 1.13:
#   docker build --build-arg GO_IMAGE=golang:1.26-trixie --build-arg RUNTIME_IMAGE=debian:trixie-slim -t cei .
ARG GO_IMAGE=golang:1.26-bookworm
ARG RUNTIME_IMAGE=debian:bookworm-slim

FROM ${GO_IMAGE} AS build
WORKDIR /src
# Each step stands on as little as it needs, so that a change of Go code does not compile the C++ again.
COPY scripts scripts
COPY cgo/ceitorch.h cgo/
COPY cgo/shim cgo/shim
RUN scripts/setup --native
COPY go.mod go.sum ./
RUN go mod download
COPY . .
RUN scripts/setup

FROM ${RUNTIME_IMAGE}
# The runtime package carries libtorch's version in its name, which libtorch-dev's dependencies tell.
RUN apt-get update \
 && libtorch=$(apt-cache depends libtorch-dev | awk '/Depends: libtorch[0-9]/ { print $2 }') \
 && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends "$libtorch" libopenblas0-openmp \
 && rm -rf /var/lib/apt/lists/* \
 && install -d -o 65532 -g 65532 /data
COPY --from=build /src/build/bin/cei /usr/local/bin/cei
COPY --from=build /src/build/lib/libceitorch.so /usr/local/lib/libceitorch.so
USER 65532:65532
WORKDIR /data
ENTRYPOINT ["cei"]
