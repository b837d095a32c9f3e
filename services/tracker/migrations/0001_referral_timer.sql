-- One row per referral, not per clock: the whole referral travels with every fact about it, and one row costs a third of
-- four to write (infra/decisions: one row per referral for its clocks). `next_at` is the earliest moment of any of its
-- clocks; null when none is left. `progress` says per clock what was already told.
create schema if not exists tracker;

create table tracker.referral (
    id          text primary key,
    version     integer not null,
    case_id     text not null,
    fact        jsonb not null,
    progress    jsonb not null default '{}',
    traceparent text,
    next_at     timestamptz
);
create index referral_next on tracker.referral (next_at) where next_at is not null;

create table tracker.timer (
    id          text primary key,
    case_id     text not null,
    what        text not null,
    due_at      timestamptz,
    traceparent text,
    state       text not null check (state in ('set', 'due', 'cancelled'))
);
create index timer_next on tracker.timer (due_at) where state = 'set';

-- A busy clock is written about ten times in its life, and its index entry moves each time.
alter table tracker.referral set (fillfactor = 80, autovacuum_vacuum_scale_factor = 0.05);
