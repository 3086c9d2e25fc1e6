# Two images from one source: `server` runs every part but the web server; `site` has the built browser app in it too,
# which pins the keys of the vault that was set up before (docs/operations.md, "Production").
FROM python:3.13.9-slim-bookworm AS packages
WORKDIR /coffer
ENV PYTHONDONTWRITEBYTECODE=1
COPY bootstrap.sh requirements.txt requirements-node.txt package.json package-lock.json ./
# Python packages and Node by hash, as on any other machine.
RUN sh bootstrap.sh run

FROM packages AS app
COPY . .
# What `python -m vault.host identity` printed; the address itself is not in the app.
COPY vault-identity.json vault-identity.json
RUN COFFER_VAULT_URL=https://vault:8010 COFFER_VAULT_PINS=/coffer/vault-identity.json .venv/bin/python static/build/app.py

FROM python:3.13.9-slim-bookworm AS server
RUN apt-get update && apt-get install -y --no-install-recommends libsodium23 && rm -rf /var/lib/apt/lists/* \
 && groupadd --system --gid 10001 coffer && useradd --system --uid 10001 --gid coffer --home-dir /data coffer \
 && install -d -o coffer -g coffer -m 0700 /data
WORKDIR /coffer
COPY --from=packages /coffer/.venv .venv
COPY manage.py ./
COPY webapp webapp
COPY vault vault
COPY templates templates
COPY static/design static/design
COPY static/site static/site
ENV PATH=/coffer/.venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1
USER 10001:10001
VOLUME /data

FROM server AS site
COPY --from=app /coffer/static/dist static/dist
CMD ["python", "manage.py", "serve", "web"]
