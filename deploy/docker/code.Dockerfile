# syntax=docker/dockerfile:1
# For migrations in code: Node is there anyway, and Python with Alembic.
# Build from the root of the repository: docker build -f deploy/docker/code.Dockerfile -t skein:code .
FROM node:22.21.0-bookworm-slim AS build
WORKDIR /src
COPY . .
RUN npm ci --ignore-scripts --no-audit --no-fund \
  && npm pack --pack-destination /tmp \
  && npm install --prefix /opt/skein --omit=dev --omit=optional --no-audit --no-fund /tmp/skein-migrate-*.tgz

FROM node:22.21.0-bookworm-slim
# hadolint ignore=DL3008
RUN apt-get update \
  && apt-get install --yes --no-install-recommends postgresql-client python3 python3-venv \
  && rm -rf /var/lib/apt/lists/*
COPY test/tools/alembic/requirements.txt /opt/python/requirements.txt
RUN python3 -m venv /opt/python && /opt/python/bin/pip install --no-cache-dir -r /opt/python/requirements.txt
ENV PATH=/opt/python/bin:$PATH PYTHONDONTWRITEBYTECODE=1
COPY --from=build /opt/skein /opt/skein
ENV PATH=/opt/skein/node_modules/.bin:$PATH HOME=/tmp
WORKDIR /migrations
USER 10001:10001
ENTRYPOINT ["skein"]
CMD ["--help"]
