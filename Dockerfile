FROM python:3.12-slim AS build
WORKDIR /src
COPY pyproject.toml README.md LICENSE requirements.lock ./
COPY monitor monitor
COPY classifiers classifiers
COPY config config
RUN python -m venv /opt/strait \
    && /opt/strait/bin/pip install --no-cache-dir --only-binary :all: --require-hashes -r requirements.lock \
    && /opt/strait/bin/pip install --no-cache-dir --no-deps .

FROM python:3.12-slim
RUN useradd --system --create-home --home-dir /var/lib/strait strait
COPY --from=build /opt/strait /opt/strait
ENV PATH=/opt/strait/bin:$PATH STRAIT_HOME=/var/lib/strait PYTHONUNBUFFERED=1
USER strait
VOLUME /var/lib/strait
# Unhealthy when the configuration is wrong, the database refuses, or no round was made for ten minutes.
HEALTHCHECK --interval=1m --timeout=20s --start-period=2m CMD ["strait", "doctor", "--alive"]
CMD ["sh", "-c", "strait init && exec strait run"]
