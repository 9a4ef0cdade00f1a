# The image of web, worker and beat: docker-compose.yml says which command each of them runs.

FROM node:24-bookworm-slim AS packages
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci --omit=dev --ignore-scripts

FROM python:3.11-slim-bookworm AS build
RUN apt-get update && apt-get install -y --no-install-recommends gettext && rm -rf /var/lib/apt/lists/*
WORKDIR /app
COPY pyproject.toml uv.lock ./
RUN pip install --no-cache-dir "uv==$(sed -n '/^name = "uv"$/{n;s/version = "\(.*\)"/\1/p;}' uv.lock)" \
 && uv sync --frozen --no-cache --no-default-groups
COPY . .
COPY --from=packages /app/node_modules node_modules
# Nothing secret is needed, or kept: these values only let the settings be read.
RUN export SECRET_KEY=build DATABASE_URL=postgresql:///build REDIS_URL=redis://build/0 PATH="/app/.venv/bin:$PATH" \
 && python script/assets.py \
 && python manage.py compilemessages --ignore .venv --verbosity 0 \
 && python manage.py collectstatic --no-input --verbosity 0 \
 && python -m compileall -q .

FROM python:3.11-slim-bookworm
RUN apt-get update \
 && apt-get install -y --no-install-recommends libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 \
 && rm -rf /var/lib/apt/lists/* \
 && useradd --system --uid 10001 --home-dir /data --create-home ressursnett
WORKDIR /app
COPY --from=build /app /app
ENV BIND=0.0.0.0:8000 LOCAL_DIR=/data PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1
USER ressursnett
VOLUME /data
EXPOSE 8000
STOPSIGNAL SIGTERM
CMD ["script/run", "web"]
