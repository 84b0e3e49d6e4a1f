# syntax=docker/dockerfile:1
# Skein and the PostgreSQL client, nothing else.
# Build from the root of the repository: docker build -f deploy/docker/minimal.Dockerfile -t skein:minimal .
FROM node:22.21.0-bookworm-slim AS build
WORKDIR /src
COPY . .
RUN npm ci --ignore-scripts --no-audit --no-fund \
  && npm pack --pack-destination /tmp \
  && npm install --prefix /opt/skein --omit=dev --omit=optional --no-audit --no-fund /tmp/skein-migrate-*.tgz

FROM node:22.21.0-alpine3.22
# hadolint ignore=DL3018
RUN apk add --no-cache postgresql17-client
COPY --from=build /opt/skein /opt/skein
ENV PATH=/opt/skein/node_modules/.bin:$PATH HOME=/tmp
WORKDIR /migrations
USER 10001:10001
ENTRYPOINT ["skein"]
CMD ["--help"]
