-- The phone gateway of demos, drills and tests: what our imitation of the providers received. Sample contacts only.
create schema if not exists phone;

create table phone.message (
    id         bigint generated always as identity primary key,  -- a message that came twice is here twice
    message_id text        not null,
    "to"       text        not null,
    channel    text        not null,
    referral   text        not null,
    to_role    text        not null,
    level      int         not null,
    reason     text        not null,
    kind       text        not null,
    agency_level text      not null,
    area       text        not null,
    text       text        not null,
    exercise   boolean     not null,
    at         timestamptz not null
);
create index message_to on phone.message ("to", id);
create index message_message on phone.message (message_id, channel);

create view phone.message_view as
select message_id, "to", channel, referral, to_role, level, text, exercise, at from phone.message;
