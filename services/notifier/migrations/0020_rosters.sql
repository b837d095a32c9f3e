-- When somebody has a post: shift plans, leave; which contacts proved to be whose; and with each message, why that person.
create table notifier.shift_plan (
    post_key  text        primary key,
    plan      jsonb       not null,  -- services/directory/shifts.py: Plan
    loaded_at timestamptz not null
);

create table notifier.leave (
    person_id text        not null references notifier.person,
    begins    timestamptz not null,
    ends      timestamptz not null,
    primary key (person_id, begins),
    check (begins < ends)
);

-- A contact counts as verified while its value is the one whose digest was confirmed: a changed number must prove itself anew.
create table notifier.verified_contact (
    person_id text        not null references notifier.person,
    channel   text        not null,
    digest    bytea       not null,  -- SHA-256 of the contact's value
    at        timestamptz not null,
    primary key (person_id, channel)
);

create table notifier.contact_code (
    person_id  text        not null references notifier.person,
    channel    text        not null,
    digest     bytea       not null,  -- of the contact that the code went to
    code       bytea       not null,  -- SHA-256 of person, channel and code
    sent_at    timestamptz not null,
    expires_at timestamptz not null,
    tries      int         not null default 0,
    primary key (person_id, channel)
);

alter table notifier.message add column duty jsonb not null default '{}';  -- who was on duty and why

-- Contracts for readers of other services.
create view notifier.message_duty_view as select id, duty from notifier.message;
create view notifier.shift_plan_view as select post_key, plan, loaded_at from notifier.shift_plan;
create view notifier.leave_view as select person_id, begins, ends from notifier.leave;
