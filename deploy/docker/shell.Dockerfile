# syntax=docker/dockerfile:1
# To look around in: a shell, psql, less. Start-up by a shell: skein up --wait && exec "$@".
# Build from the root of the repository: docker build -f deploy/docker/shell.Dockerfile -t skein:shell .
FROM node:22.21.0-bookworm-slim AS build
WORKDIR /src
COPY . .
RUN npm ci --ignore-scripts --no-audit --no-fund \
  && npm pack --pack-destination /tmp \
  && npm install --prefix /opt/skein --omit=dev --omit=optional --no-audit --no-fund /tmp/skein-migrate-*.tgz

FROM node:22.21.0-bookworm-slim
# hadolint ignore=DL3008
RUN apt-get update \
  && apt-get install --yes --no-install-recommends less postgresql-client \
  && rm -rf /var/lib/apt/lists/*
COPY deploy/docker/entrypoint.sh /usr/local/bin/docker-entrypoint.sh
COPY --from=build /opt/skein /opt/skein
ENV PATH=/opt/skein/node_modules/.bin:$PATH HOME=/tmp
WORKDIR /migrations
USER 10001:10001
ENTRYPOINT ["/bin/sh", "/usr/local/bin/docker-entrypoint.sh"]
CMD ["/bin/sh"]
