-- The two accounts of the service, neither of them a superuser; run once by psql as the server's superuser, connected to
-- the database. Passwords come from the environment, so that none stands here.
\set ON_ERROR_STOP on
\getenv service_password DATABASE_PASSWORD
\getenv owner_password DATABASE_OWNER_PASSWORD

-- Owns the tables: `migrate`, `restore` and `rotate-data-key` alone use it.
CREATE ROLE award_owner LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS PASSWORD :'owner_password';
-- Reads and writes rows: what it may is given by `migrate`.
CREATE ROLE award_service LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS PASSWORD :'service_password';

REVOKE ALL ON DATABASE :"DBNAME" FROM PUBLIC;
GRANT CONNECT ON DATABASE :"DBNAME" TO award_service, award_owner;
REVOKE ALL ON SCHEMA public FROM PUBLIC;
GRANT USAGE, CREATE ON SCHEMA public TO award_owner;
GRANT USAGE ON SCHEMA public TO award_service;
