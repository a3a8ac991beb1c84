# Modosu in a container: docker build -t modosu .   How to run it: docs/install.md, deploy/compose.yaml
#
# Both stages use one image by its digest (the list of all platforms), so that every build has the same Node.js. A newer one is taken on
# purpose: docker buildx imagetools inspect node:24-bookworm-slim
# BASE and BUILDER may be any Debian with a Node.js 24 in its PATH; the builder also needs npm.
ARG BASE=node:24-bookworm-slim@sha256:6f7b03f7c2c8e2e784dcf9295400527b9b1270fd37b7e9a7285cf83b6951452d
ARG BUILDER=${BASE}

FROM ${BUILDER} AS build
# For better-sqlite3, where no compiled module can be fetched.
ARG COMPILER="apt-get update && apt-get install -y --no-install-recommends g++ make python3"
RUN sh -c "${COMPILER}"
WORKDIR /src
COPY package.json package-lock.json .npmrc ./
COPY packaging/sqlite-module.mjs packaging/
# Where no registry is reached: INSTALL=true, and a context that holds node_modules.
ARG INSTALL="npm ci"
RUN ${INSTALL}
COPY . .
RUN npm run build && node packaging/lay-program.mjs /image

FROM ${BASE}
# tini is process 1: it passes signals on, and buries what a hook leaves behind, which Node.js does not.
RUN command -v tini || { apt-get update && apt-get install -y --no-install-recommends tini && rm -rf /var/lib/apt/lists/*; }
RUN groupadd --system --gid 10001 modosu && \
    useradd --system --uid 10001 --gid modosu --home-dir /var/lib/modosu --shell /usr/sbin/nologin modosu && \
    install -d -o modosu -g modosu -m 0750 /var/lib/modosu && install -d -o modosu -g modosu -m 0755 /var/spool/modosu
COPY --from=build /image /
ENV NODE_ENV=production
USER 10001:10001
WORKDIR /var/lib/modosu
VOLUME ["/var/lib/modosu"]
EXPOSE 9469
# The address is metrics.listen of the configuration; an event loop that is stuck does not answer.
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s CMD ["node", "-e", "fetch('http://127.0.0.1:9469/livez').then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]
STOPSIGNAL SIGTERM
ENTRYPOINT ["tini", "--", "modosu"]
CMD ["daemon"]
