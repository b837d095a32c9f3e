-- A notice is the duty to tell a post something; a message is one person told; a delivery is one channel of a message.
create schema if not exists notifier;

create table notifier.notice (
    id             text        primary key,  -- from what caused it, the post, the level and the reason: never told twice
    cause          text        not null,     -- id of the event that caused it
    gathering      text        not null,     -- one event, one post, one reason: several referrals become one message
    merged_into    text,                     -- the notice whose message names this one too
    referral_id    text        not null,
    number         text        not null,
    case_id        text        not null,
    county         text        not null,
    role           text        not null,
    severity       text        not null,
    classification text        not null,
    kind           text        not null,
    agency_level   text        not null,
    area           text        not null,
    function       text        not null,
    level          int         not null,
    reason         text        not null,
    text           text        not null,     -- name of the template
    clock          text,
    due_at         timestamptz,
    channels       text[]      not null,
    exercise       boolean     not null,
    not_before     timestamptz not null,
    created_at     timestamptz not null,
    traceparent    text,
    state          text        not null check (state in ('waiting', 'telling', 'told', 'undelivered', 'not_needed')),
    failed         text[]      not null      -- ids of the people whose every channel failed
);
create index notice_waiting on notifier.notice (not_before) where state = 'waiting';
create index notice_merged on notifier.notice (merged_into) where merged_into is not null;
create index notice_gathering on notifier.notice (gathering);

create table notifier.message (
    id           text        primary key,
    notice_id    text        not null references notifier.notice,
    referral_ids text[]      not null,
    numbers      text[]      not null,
    kind         text        not null,
    agency_level text        not null,
    area         text        not null,
    to_role      text        not null,
    level        int         not null,
    reason       text        not null,
    person_id    text        not null,
    person_name  text        not null,
    text         text        not null,
    exercise     boolean     not null,
    warnings     text[]      not null,  -- channels that were wanted and replaced
    usable       text[]      not null,  -- every channel that reaches this person, in the order in which they stand in
    created_at   timestamptz not null,
    state        text        not null check (state in ('open', 'reached', 'unreached', 'not_needed'))
);
create index message_notice on notifier.message (notice_id);
create index message_referrals on notifier.message using gin (referral_ids);
create index message_open on notifier.message (created_at) where state = 'open';

create table notifier.delivery (
    message_id     text        not null references notifier.message,
    channel        text        not null,
    person_id      text        not null,
    exercise       boolean     not null,
    priority       int         not null,  -- 0 = CRITICAL goes first
    position       int         not null,  -- order within the message
    state          text        not null check (state in ('queued', 'sending', 'sent', 'refused', 'unknown', 'not_needed')),
    detail         text        not null,
    attempts       int         not null,
    slow           boolean     not null,  -- its quick retries are used up: others are tried meanwhile
    next_at        timestamptz not null,
    claimed_at     timestamptz,
    at             timestamptz,
    contact_masked text        not null,
    primary key (message_id, channel)
) with (fillfactor = 70);
create index delivery_queued on notifier.delivery (exercise, channel, priority, next_at, message_id) where state = 'queued';
create index delivery_sending on notifier.delivery (claimed_at) where state = 'sending';

-- Contracts for readers of other services.
create view notifier.message_view as
select m.id, n.referral_id, n.number, n.case_id, m.kind, m.agency_level as level_of_agency, m.area, m.to_role, m.level,
       m.reason, m.person_id, m.person_name, m.text, m.exercise, m.created_at,
       m.referral_ids, m.numbers, m.warnings, m.state, n.clock, n.cause, n.severity,
       array(select d.channel from notifier.delivery d where d.message_id = m.id order by d.position) as channels
from notifier.message m join notifier.notice n on n.id = m.notice_id;

create view notifier.delivery_view as
select message_id, channel, contact_masked, state, detail, attempts, at from notifier.delivery;

create view notifier.notice_view as
select id, referral_id, number, case_id, kind, agency_level as level_of_agency, area, function, level, reason, state,
       merged_into, not_before, created_at, exercise
from notifier.notice;
