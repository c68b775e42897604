# syntax=docker/dockerfile:1
# The image of Miniback: Python, the locked packages and the program. Nothing is compiled here, no
# Node is needed, and no secret comes in: settings are MINIBACK_* variables or files (_FILE).
#
#   docker build -t miniback .
#   docker run -p 8000:8000 -v miniback:/data miniback

FROM python:3.11-slim-bookworm AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
WORKDIR /build
# Packages change more seldom than the program, so they are a layer of their own.
COPY requirements/run.txt requirements/build.txt requirements/
RUN python -m venv /opt/miniback \
    && /opt/miniback/bin/python -m pip install --require-hashes --only-binary=:all: -r requirements/run.txt \
    && python -m venv /opt/builder \
    && /opt/builder/bin/python -m pip install --require-hashes --only-binary=:all: -r requirements/build.txt
COPY . .
RUN /opt/builder/bin/python -m hatchling build -t wheel -d wheel \
    && /opt/miniback/bin/python -m pip install --no-deps --no-index wheel/*.whl \
    && /opt/miniback/bin/python -m pip uninstall --yes pip

FROM python:3.11-slim-bookworm
LABEL org.opencontainers.image.title="Miniback" \
      org.opencontainers.image.description="Collects feedback: widget, inbox, API" \
      org.opencontainers.image.licenses="MIT"
RUN groupadd --system --gid 10001 miniback \
    && useradd --system --uid 10001 --gid 10001 --home-dir /data --no-create-home --shell /usr/sbin/nologin miniback \
    && install --directory --owner=10001 --group=10001 --mode=0700 /data
COPY --from=build /opt/miniback /opt/miniback
# All that is ever written goes to /data, and passing files of imports to /tmp.
ENV PATH=/opt/miniback/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    MINIBACK_DATA_DIR=/data
USER 10001:10001
WORKDIR /data
VOLUME ["/data"]
EXPOSE 8000
# Whether the process answers; a database that is away is no reason to start it anew.
HEALTHCHECK --interval=15s --timeout=5s --start-period=60s --retries=3 \
    CMD ["python", "-I", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8000/healthz', timeout=4)"]
ENTRYPOINT ["miniback"]
CMD ["serve", "--host", "0.0.0.0"]
