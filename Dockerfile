# syntax=docker/dockerfile:1

# The image holds the program, the certificates of public authorities (for
# PostgreSQL servers that are reached over the Internet) and a folder for data.
# There is no shell, no package and no user but a number.
#
#   docker build --build-arg VERSION="$(git describe --tags --always)" -t passmuster .
#   docker run --rm -p 127.0.0.1:8080:8080 -v passmuster:/data passmuster
#
# docs/operations.md has the rest.

FROM --platform=$BUILDPLATFORM golang:1.26-bookworm AS build
WORKDIR /src
ENV GOCACHE=/cache/build
# The modules are a layer of their own: they change less often than the code.
COPY go.mod go.sum ./
RUN --mount=type=cache,target=/go/pkg/mod go mod download
COPY . .
ARG VERSION=dev
ARG TARGETOS
ARG TARGETARCH
RUN --mount=type=cache,target=/go/pkg/mod --mount=type=cache,target=/cache/build \
    CGO_ENABLED=0 GOOS=$TARGETOS GOARCH=$TARGETARCH \
    go build -trimpath -ldflags "-s -w -X main.version=$VERSION" -o /out/usr/bin/passmuster ./cmd/passmuster
# An empty volume takes over the owner and mode of the folder below it.
RUN mkdir -p /out/etc/ssl/certs /out/data \
    && cp /etc/ssl/certs/ca-certificates.crt /out/etc/ssl/certs/ \
    && chown 65532:65532 /out/data && chmod 0700 /out/data

FROM scratch
# Not with --link, and not folder by folder: either would lose who owns them.
COPY --from=build /out/ /
USER 65532:65532
# The default database, sqlite:passmuster.db, is in the folder that one is in.
WORKDIR /data
VOLUME /data
# Inside a container the loopback address reaches nobody; who reaches the
# container is decided by `docker run -p`.
ENV PASSMUSTER_LISTEN=:8080 \
    PASSMUSTER_LOG_FORMAT=json
EXPOSE 8080
# start-period: a new version may have to migrate the database first.
HEALTHCHECK --interval=30s --timeout=6s --start-period=2m --retries=3 CMD ["/usr/bin/passmuster", "healthcheck"]
ENTRYPOINT ["/usr/bin/passmuster"]
CMD ["serve"]
