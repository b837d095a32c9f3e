-- The delivery rule: positions, what was lost, attempts, the outbox, dead letters, and which sealing keys this database needs.
-- Times here are about machines, not about cases; so clock_timestamp() is right.
create schema if not exists chassis;

-- One row per partition a service reads. It is updated many times a second: no index but the key, and room for updates in place.
create table chassis.position (
    service     text        not null,
    topic       text        not null,
    part        int         not null,
    next_offset bigint      not null,
    touched     timestamptz not null default clock_timestamp(),
    primary key (service, topic, part)
) with (fillfactor = 50);

-- Offsets that were gone before anybody handled them. Each row is an alarm.
create table chassis.not_consumed (
    id          bigint generated always as identity primary key,
    service     text        not null,
    topic       text        not null,
    part        int         not null,
    from_offset bigint      not null,
    to_offset   bigint      not null,
    reason      text        not null,
    at          timestamptz not null default clock_timestamp()
);

-- How often one single record made its handler fail; its row goes when the record is handled or buried.
create table chassis.attempt (
    service text   not null,
    topic   text   not null,
    part    int    not null,
    "offset" bigint not null,
    count   int    not null,
    reason  text   not null,
    at      timestamptz not null default clock_timestamp(),
    primary key (service, topic, part, "offset")
);

-- What a service publishes, committed together with what it did. The relay sends it in order of id.
create table chassis.outbox (
    id           bigserial primary key,
    service      text        not null,
    topic        text        not null,
    key          bytea,
    headers      jsonb       not null,
    value        bytea,
    traceparent  text,
    created_at   timestamptz not null default clock_timestamp(),
    published_at timestamptz
) with (fillfactor = 80);
create index outbox_waiting on chassis.outbox (service, id) where published_at is null;
create index outbox_published on chassis.outbox (published_at) where published_at is not null;

-- What could not be handled, whole and sealed, until a person has dealt with it.
create table chassis.dead_letter (
    id               bigint generated always as identity primary key,
    service          text        not null,
    topic            text        not null,
    part             int         not null,
    "offset"         bigint      not null,
    record_timestamp timestamptz not null,
    event_source     text,
    event_id         text,
    sealed_record    bytea       not null,
    reason           text        not null,
    rule             text        not null default '',
    state            text        not null default 'open' check (state in ('open', 'replayed', 'resolved')),
    at               timestamptz not null,
    resolved_at      timestamptz,
    resolution       text
);
create index dead_letter_open on chassis.dead_letter (service, id) where state = 'open';
create index dead_letter_event on chassis.dead_letter (event_source, event_id);

-- The sealing keys with which something in this database was sealed; a process that lacks one does not start.
create table chassis.sealing_key (
    id      text primary key,
    purpose text        not null check (purpose in ('seal', 'fingerprint')),
    at      timestamptz not null default clock_timestamp()
);
