# docker build -t smspin .
# docker run -p 8080:8080 -v smspin:/data --device /dev/ttyUSB0 --device /dev/ttyUSB1 smspin
#
# Each modem is handed in by --device, one for every port that is to be used. Modems that are plugged in later are seen only with the whole
# of /dev and leave for its character devices (major 188: ttyUSB, 166: ttyACM):
#   docker run -v /dev:/dev --device-cgroup-rule 'c 188:* rmw' --device-cgroup-rule 'c 166:* rmw' ...
# The server runs in the group dialout (20); where the host's devices belong to another group, add it: --group-add "$(stat -c %g /dev/ttyUSB0)".
# A smspin.toml put into the volume is read at start. With no modem at all the virtual bank comes up.

FROM oven/bun:1.4.5-slim AS build
WORKDIR /build
COPY package.json bun.lock ./
RUN bun install --frozen-lockfile --production --ignore-scripts
COPY tsconfig.json ./
COPY src src
COPY views views
COPY static static
RUN bun src/build.ts --outfile /build/smspin

FROM debian:12-slim
# tini: as process 1 the server would take a modem for its controlling terminal, and unplugging it would send SIGHUP.
RUN apt-get update \
  && apt-get install -y --no-install-recommends ca-certificates curl tini \
  && rm -rf /var/lib/apt/lists/* \
  && useradd --uid 1000 --user-group --groups dialout --no-create-home smspin \
  && install -d -o smspin -g smspin /data
COPY --from=build /build/smspin /usr/local/bin/smspin
ENV NODE_ENV=production SMSPIN_SERVER_HOST=0.0.0.0 SMSPIN_SERVER_PORT=8080 SMSPIN_DATA_DIR=/data
USER smspin
WORKDIR /data
VOLUME /data
EXPOSE 8080
HEALTHCHECK --interval=15s --timeout=5s --start-period=20s --retries=3 \
  CMD curl -fsS -o /dev/null "http://127.0.0.1:${SMSPIN_SERVER_PORT}/health/live"
ENTRYPOINT ["tini", "--", "smspin"]
CMD ["serve"]
