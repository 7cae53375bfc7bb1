# syntax=docker/dockerfile:1
# Node of one major version and glibc of one generation (Debian 13, trixie) in every stage: the SQLite binding is compiled here.
# The names are whole, not put together from arguments: only so can Renovate pin their digests.

# The program: TypeScript in, JavaScript out; nothing native, no scripts of packages.
FROM --platform=$BUILDPLATFORM node:24-trixie-slim AS build
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci --ignore-scripts
COPY tsconfig.json tsconfig.build.json ./
COPY src src
COPY commands commands
RUN npm run build && find dist -name '*.map' -delete

# What it needs at run time, for the platform of the image. The binding is built from the lockfile's sources:
# a prebuilt one would be an unsigned download.
FROM node:24-trixie-slim AS packages
RUN apt-get update \
  && apt-get install --yes --no-install-recommends python3 make g++ \
  && rm -rf /var/lib/apt/lists/*
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
ENV npm_config_build_from_source=true \
    npm_config_nodedir=/usr/local
# What only compiles the binding goes, what only people read, and builds for other loaders; licences stay. The adapter is an optional package:
# without the last check a failed build would only show at the first start.
RUN npm ci --omit=dev \
  && cd node_modules \
  && rm -rf .bin node-gyp node-addon-api prebuild-install tar sqlite3/deps sqlite3/src \
  && rm -rf @opentelemetry/*/build/esm @opentelemetry/*/build/esnext \
  && find sqlite3/build -type f ! -path '*/build/Release/node_sqlite3.node' -delete \
  && find . -type f \( -name '*.map' -o -name '*.md' -o -name '*.ts' -o -name '*.[cm]ts' \) ! -iname 'licen[cs]e*' -delete \
  && find . -type d -empty -delete \
  && cd .. \
  && node --input-type=module --eval 'await import("@keyv/sqlite"); await import("sqlite3")' \
  && mkdir /data

# `docker build --target demo`: the story of `npm run demo`, with nothing else needed.
FROM node:24-trixie-slim AS demo
WORKDIR /app
COPY --from=packages /app/node_modules/sqlite3 /sqlite3
COPY --from=build /app /app
RUN rm -rf node_modules/sqlite3 && mv /sqlite3 node_modules/sqlite3
COPY emulator emulator
COPY demo demo
USER 65532:65532
CMD ["node_modules/.bin/tsx", "demo/main.ts"]

FROM gcr.io/distroless/nodejs24-debian13:nonroot AS image
ARG VERSION=0.0.0
ARG REVISION=unknown
ARG CREATED=1970-01-01T00:00:00Z
LABEL org.opencontainers.image.title="kagent-discord" \
      org.opencontainers.image.description="Ask kagent agents from Discord" \
      org.opencontainers.image.url="https://github.com/kagent-discord/kagent-discord" \
      org.opencontainers.image.source="https://github.com/kagent-discord/kagent-discord" \
      org.opencontainers.image.documentation="https://github.com/kagent-discord/kagent-discord/blob/main/docs/kubernetes.md" \
      org.opencontainers.image.licenses="Apache-2.0" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}" \
      org.opencontainers.image.created="${CREATED}"
WORKDIR /app
# Root owns the program, so that the process cannot change itself.
COPY --from=packages /app/node_modules node_modules
COPY --from=build /app/dist dist
COPY package.json LICENSE ./
COPY schema schema
COPY --from=packages --chown=65532:65532 /data /var/lib/kagent-discord
ENV NODE_ENV=production \
    NODE_OPTIONS="--max-old-space-size-percentage=75" \
    HTTP_PORT=8080 \
    STORE_URL=sqlite:///var/lib/kagent-discord/kagent-discord.sqlite \
    AUDIT_DIR=/var/lib/kagent-discord/audit
USER 65532:65532
# The binding loads with the Node, the C library and the user that it will run with. There is no shell here.
RUN ["/nodejs/bin/node", "--input-type=module", "--eval", "const { default: sqlite3 } = await import('sqlite3'); await new Promise((done, fail) => { const db = new sqlite3.Database('/var/lib/kagent-discord/check', (error) => error ? fail(error) : db.get('SELECT sqlite_version()', (failed) => failed ? fail(failed) : db.close(done))); }); (await import('node:fs')).rmSync('/var/lib/kagent-discord/check');"]
EXPOSE 8080
VOLUME /var/lib/kagent-discord
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=30s --timeout=5s --start-period=2m --start-interval=2s --retries=3 \
  CMD ["/nodejs/bin/node", "dist/src/main.js", "healthcheck"]
ENTRYPOINT ["/nodejs/bin/node", "--max-semi-space-size=4", "dist/src/main.js"]
CMD ["start"]
