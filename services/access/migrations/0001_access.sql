-- Who may publish, read and act. No secret lies here in the clear: tokens and sessions by SHA-256, passwords by argon2.
create schema if not exists access;

create table access.source (
    name          text primary key check (name ~ '^[a-z0-9][a-z0-9_-]{0,39}$'),
    kind          text        not null check (kind ~ '^[a-z][a-z0-9_]*$'),
    area          text        not null check (area ~ '^[0-9]{6}([0-9]{3}){0,2}$'),
    types         text[]      not null, -- event types it may send: exact, a family ("school.*"), or "*"
    sample        boolean     not null default false,
    registered_at timestamptz not null default '2000-01-01Z'
);
create index source_of_area on access.source (kind, area);
-- Our own services, which derive events; nobody else may speak for them.
insert into access.source(name, kind, area, types) values ('shouhu', 'shouhu', '220000', '{*}');

create view access.source_view as
select name, kind, area, '/' || kind || '/' || area || '/' || name as path, types, 'in.' || name as topic, sample, registered_at from access.source;

create table access.token (
    id         text primary key,
    hash       bytea       not null unique,
    role       text        not null check (role in ('source', 'officer', 'operations')),
    name       text        not null,
    source     text references access.source(name),
    person_id  text,
    sample     boolean     not null default false,
    created_at timestamptz not null,
    expires_at timestamptz,
    revoked_at timestamptz,
    check ((role = 'source') = (source is not null)),
    check (role <> 'officer' or person_id is not null or sample)
);

create table access.account (
    id            text primary key check (id ~ '^[a-z0-9][a-z0-9._-]{0,62}$'),
    name          text        not null,
    role          text        not null check (role in ('officer', 'operations')),
    person_id     text,
    password_hash text        not null,
    failures      int         not null default 0,
    locked_until  timestamptz,
    created_at    timestamptz not null,
    closed_at     timestamptz,
    check (role <> 'officer' or person_id is not null)
);

create table access.session (
    hash       bytea primary key,
    account    text references access.account(id),
    token      text references access.token(id),
    created_at timestamptz not null,
    expires_at timestamptz not null,
    check ((account is null) <> (token is null))
);
create index session_expires on access.session (expires_at);
