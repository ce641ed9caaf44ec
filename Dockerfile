# One image for every process of the system; the command says which it is.
FROM python:3.11-slim AS build
WORKDIR /src
COPY requirements/production.txt requirements/
RUN python -m venv /opt/safety \
 && /opt/safety/bin/pip install --no-cache-dir --require-hashes --requirement requirements/production.txt \
 && /opt/safety/bin/pip install --no-cache-dir "hatchling>=1.27"
COPY pyproject.toml README.md LICENSE ./
COPY schemas schemas
COPY safety safety
COPY reports reports
COPY consumers consumers
COPY desk desk
RUN /opt/safety/bin/pip install --no-cache-dir --no-deps --no-build-isolation . \
 && /opt/safety/bin/pip uninstall --yes hatchling

FROM python:3.11-slim
RUN useradd --system --uid 10001 --home-dir /var/lib/safety --create-home safety
COPY --from=build /opt/safety /opt/safety
ENV PATH=/opt/safety/bin:$PATH PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1
USER 10001
WORKDIR /var/lib/safety
ENTRYPOINT ["safety"]
CMD ["--help"]
