# By digest, which a release fills in (`scripts/pin_images.py`): a tag can be moved. There is none by default.
ARG PYTHON_DIGEST
# Two stages: pip and its leavings stay in the first.
FROM python:3.11-slim-trixie@${PYTHON_DIGEST} AS build
ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
RUN python -m venv /opt/venv
COPY requirements.lock /tmp/requirements.lock
RUN /opt/venv/bin/pip install --require-hashes --no-deps -r /tmp/requirements.lock \
    && /opt/venv/bin/pip uninstall --yes pip setuptools

FROM python:3.11-slim-trixie@${PYTHON_DIGEST}
ENV PATH=/opt/venv/bin:$PATH PYTHONUNBUFFERED=1
# Papers are printed with these fonts (Noto CJK and Hanazono, both under the SIL Open Font License).
# `backup` and `restore` take the programs of the server's major version: Debian 13 has those of PostgreSQL 17.
RUN apt-get update \
    && apt-get install --yes --no-install-recommends postgresql-client-17 fonts-noto-cjk fonts-hanazono \
    && rm -rf /var/lib/apt/lists/*
# The folders exist with their owner before the volumes do: a fresh named volume takes both over.
RUN groupadd --gid 10001 award \
    && useradd --uid 10001 --gid award --no-create-home --shell /usr/sbin/nologin award \
    && install -d -m 0700 -o award -g award /srv/award/var /srv/award/data-keys /srv/award/backups
WORKDIR /srv/award
COPY --from=build /opt/venv /opt/venv
COPY alembic.ini ./
COPY alembic ./alembic
# It is served as it is.
COPY openapi/openapi.json ./openapi/openapi.json
COPY app ./app
# Nothing can be written here later, so it is compiled now: a start need not do it again.
RUN python -m compileall -q app
# By number, so that a platform that demands a non-root user can check it without the image's user table.
USER 10001:10001
VOLUME ["/srv/award/var"]
EXPOSE 8000
# The slim image has no curl; Python is there anyway. On its own loopback nobody has to show who he is.
HEALTHCHECK --interval=15s --timeout=4s --start-period=20s --retries=3 \
    CMD ["python", "-c", "import http.client as h, os, ssl; c = h.HTTPSConnection('127.0.0.1', 8000, timeout=3, context=ssl._create_unverified_context()) if os.environ.get('AWARD_TLS_CERTIFICATE') else h.HTTPConnection('127.0.0.1', 8000, timeout=3); c.request('GET', '/livez'); raise SystemExit(c.getresponse().status != 200)"]
CMD ["python", "-m", "app.cli", "serve", "--host", "0.0.0.0"]
