#!/usr/bin/env bash
# Runs once, when the database is made: the role that the software runs as. Its rights come from
# `safety migrate --grant-to safety_app`.
set -euo pipefail
psql --set ON_ERROR_STOP=1 --username "$POSTGRES_USER" --dbname "$POSTGRES_DB" \
  --set password="$(cat /run/secrets/application_password)" <<'SQL'
CREATE ROLE safety_app LOGIN PASSWORD :'password';
REVOKE CREATE ON SCHEMA public FROM PUBLIC;
SQL
