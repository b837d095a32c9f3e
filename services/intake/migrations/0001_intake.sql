-- What came through the door. Payloads of refused events are not kept: over HTTP the source has its answer, over Kafka a dead letter holds them sealed.
create schema if not exists intake;

-- Every (source, id) ever accepted, with what it stood for. Never pruned: this is what makes a repeat a repeat.
create table intake.event_key (
    source text  collate "C" not null,
    id     text  collate "C" not null,
    digest bytea not null,
    primary key (source, id)
);

create table intake.event (
    seq         bigint generated always as identity primary key,
    source      text        collate "C" not null,
    id          text        collate "C" not null,
    type        text        not null,
    subject     text,
    time        timestamptz,
    accepted_at timestamptz not null,
    via         text        not null check (via in ('http', 'kafka')),
    registered  text        not null, -- name of the registered source that sent it
    traceparent text,
    exercise    boolean     not null,
    data        jsonb       not null,
    unique (source, id)
);

create view intake.event_view as
select source, id, type, subject, time, accepted_at, via, traceparent, exercise, data, registered, seq from intake.event;

-- How often a source was refused or repeated itself: the account needs the counts, nobody needs what was refused.
create table intake.tally (
    registered text   not null,
    via        text   not null,
    refused    bigint not null default 0,
    duplicates bigint not null default 0,
    primary key (registered, via)
) with (fillfactor = 50);

create view intake.tally_view as select registered, via, refused, duplicates from intake.tally;

-- The vault. Only intake's own code reads it; there is no view on it.
create table intake.child (
    child_ref     text primary key,
    fingerprint   bytea       not null unique,
    document_kind text        not null,
    sealed        bytea       not null,
    first_seen_at timestamptz not null
);
