# Build: docker build -t circletake .
# Run:   docker run --env-file .env -p 3000:3000 -v circletake:/data circletake
#
# Licences: Circletake is Apache-2.0. Among its requirements, imageio-ffmpeg brings an ffmpeg and
# PyAV brings libraries that are built with x264, which is GPL. Whoever hands this image on hands
# those on as well, and owes their licence texts and the offer of their source.
FROM python:3.11-slim AS build
WORKDIR /src
COPY requirements.txt ./
RUN python -m venv /opt/circletake \
    && /opt/circletake/bin/pip install --no-cache-dir --require-hashes -r requirements.txt

FROM python:3.11-slim
RUN useradd --system --uid 10001 --home-dir /data --shell /usr/sbin/nologin circletake \
    && install -d -o circletake -g root -m 0770 /data \
    && printf '#!/bin/sh\nexec python -m bot "$@"\n' > /usr/local/bin/circletake \
    && chmod 0755 /usr/local/bin/circletake
COPY --from=build /opt/circletake /opt/circletake
# Nothing is built: our four packages are read from here, so every byte that was fetched is hashed.
COPY LICENSE /opt/circletake/app/
COPY bot /opt/circletake/app/bot
COPY handlers /opt/circletake/app/handlers
COPY storage /opt/circletake/app/storage
COPY engines /opt/circletake/app/engines
ENV PATH=/opt/circletake/bin:$PATH PYTHONPATH=/opt/circletake/app PYTHONSAFEPATH=1 \
    PYTHONUNBUFFERED=1 MALLOC_ARENA_MAX=2 CIRCLETAKE_DATA=/data CIRCLETAKE_PORT=3000
RUN python -m compileall -q /opt/circletake/app
USER circletake
WORKDIR /data
VOLUME /data
EXPOSE 3000
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=30s --timeout=5s --start-period=30s CMD \
    ["python", "-c", "import os, urllib.request as u; u.urlopen(f'http://127.0.0.1:{os.environ[\"CIRCLETAKE_PORT\"]}/healthz', timeout=4)"]
ENTRYPOINT ["circletake"]
CMD ["run"]
