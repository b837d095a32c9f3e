-- Children under care, and what is owed for them and by agencies (domain analysis 5). A row of `obligation` is one occurrence:
-- one timer, one child or agency, one last day. What is owed follows from the child's file; rows only remember what was said of it.
create table tracker.child (
    child_ref text  primary key,
    facts     jsonb not null default '{}',  -- the registry's names, learned from events alone
    marks     jsonb not null default '{}',  -- days from which obligations count
    next_at   timestamptz                   -- its next birthday that changes what is owed; null when unknown
);
create index child_next on tracker.child (next_at) where next_at is not null;

create table tracker.obligation (
    id           text        primary key,
    number       text        not null,      -- V26-XXXXXXXX, for people
    code         text        not null,      -- T01 … T37
    part         text        not null,      -- which timer of the code
    child_ref    text,                      -- null: the agency's own duty
    kind         text        not null,
    level        text        not null,
    area         text        not null,
    role         text        not null,      -- the function of the person whose task it is
    period       text        not null,      -- 2026-Q3, or the last day
    opens_on     date        not null,      -- from this day on doing it counts
    due_on       date        not null,
    due_at       timestamptz not null,
    legal_due_on date,                      -- the day that the clause itself names, where it is another
    warn_on      date[]      not null,
    warned       integer     not null default 0,  -- how many of warn_on were told
    state        text        not null check (state in ('open', 'warned', 'done', 'overdue', 'cancelled')),
    provisional  boolean     not null default false,
    sealed       boolean     not null default false,
    known_at     timestamptz not null,
    warned_at    timestamptz,               -- of the first reminder
    overdue_at   timestamptz,
    ended_at     timestamptz,
    ended_by     text,                      -- visit, hand, list, system
    note         text,
    event_id     text,                      -- of the event that said it was overdue
    next_at      timestamptz
);
create index obligation_next on tracker.obligation (next_at) where next_at is not null;
create index obligation_child on tracker.obligation (child_ref) where state in ('open', 'warned', 'overdue');
create index obligation_agency on tracker.obligation (kind, level, area, due_on, id);
create index obligation_due on tracker.obligation (due_on, id);
create index obligation_event on tracker.obligation (event_id) where event_id is not null;

-- Which periods of agencies' duties have their rows.
create table tracker.opened_period (
    code      text        not null,
    part      text        not null,
    period    text        not null,
    opened_at timestamptz not null,
    primary key (code, part, period)
);

-- Lists that departments handed over (E104).
create table tracker.delivered_list (
    kind      text        not null,
    area      text        not null,
    list_kind text        not null,
    month     date        not null,  -- first day of the month that it is of
    at        timestamptz not null,
    primary key (kind, area, list_kind, month)
);

-- What people said of obligations; the same request again gives the same answer.
create table tracker.obligation_act (
    obligation_id text        not null references tracker.obligation,
    request_id    text        not null,
    by            text        not null,
    at            timestamptz not null,
    text          text        not null,
    response      jsonb       not null,
    primary key (obligation_id, request_id)
);

-- The children of a case that closes are looked up once (T04).
create index referral_case on tracker.referral (case_id);

-- Contract for readers of other services.
create view tracker.obligation_view as
select id, number, code, part, child_ref, kind, level, area, role, period, opens_on, due_on, due_at, legal_due_on, state,
       provisional, sealed, known_at, warned_at, overdue_at, ended_at, ended_by, event_id
from tracker.obligation;

alter table tracker.obligation set (fillfactor = 80);
