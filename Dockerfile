# One image for web, worker, sweeper and the one-off commands. Runs as nobody in particular, writes only to /data and /tmp.
FROM python:3.11-slim-bookworm AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
RUN python -m venv /opt/venv
COPY requirements.txt requirements-second.txt ./
# --build-arg SECOND_ENGINE=1 brings the extra that reads the values on faxes and photos a second time.
ARG SECOND_ENGINE=0
RUN /opt/venv/bin/pip install --no-deps --require-hashes -r requirements.txt \
 && if [ "$SECOND_ENGINE" = 1 ]; then /opt/venv/bin/pip install --no-deps --require-hashes -r requirements-second.txt; fi

FROM python:3.11-slim-bookworm
RUN apt-get update \
 && apt-get install -y --no-install-recommends libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 \
 && rm -rf /var/lib/apt/lists/* \
 && useradd --system --uid 10001 --home-dir /nonexistent --shell /usr/sbin/nologin cartguide \
 && install -d -o cartguide -g cartguide -m 0700 /data
ENV PATH=/opt/venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 OMP_THREAD_LIMIT=1 \
    DJANGO_SETTINGS_MODULE=portal.settings.production
COPY --from=build /opt/venv /opt/venv
WORKDIR /app
COPY manage.py CHANGELOG.md ./
COPY portal portal
COPY records records
COPY personalize personalize
COPY templates templates
# The manifest of static files is made here, with throw-away settings: no secret is needed and none is kept in the image.
RUN CARTGUIDE_SECRET_KEY=$(head -c 48 /dev/urandom | base64 -w0) CARTGUIDE_KEY_RING=build:$(head -c 32 /dev/urandom | od -An -tx1 | tr -d ' \n') \
    CARTGUIDE_ALLOWED_HOSTS=localhost CARTGUIDE_DATABASE_URL=sqlite:////tmp/build CARTGUIDE_KEYS_DATABASE_URL=sqlite:////tmp/build-keys \
    CARTGUIDE_MEDIA_ROOT=/tmp CARTGUIDE_BROKER_URL=memory:// CARTGUIDE_EMAIL_HOST=localhost CARTGUIDE_FROM_EMAIL=build@localhost \
    python manage.py collectstatic --noinput -v 0
USER 10001
EXPOSE 8000
CMD ["gunicorn", "portal.wsgi:application", "--bind", "0.0.0.0:8000", "--workers", "2", "--threads", "4", "--timeout", "60", "--limit-request-line", "8190", "--worker-tmp-dir", "/dev/shm"]
