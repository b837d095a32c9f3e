-- Who holds which post, and how they are reached. Posts themselves follow from agency kind and territory.
create schema if not exists notifier;

create table notifier.person (
    id     text    primary key,
    name   text    not null,
    sample boolean not null default false  -- nobody real: never a receiver outside demo, drill and test
);

-- The only place that holds telephone numbers. Read and written by roster_store alone; never logged, never in a view.
create table notifier.contact (
    person_id text not null references notifier.person on delete cascade,
    channel   text not null check (channel in ('sms', 'wecom', 'voice')),
    value     text not null,
    primary key (person_id, channel)
);

create table notifier.holding (
    post_key  text not null,  -- civil_affairs@county/220122/duty_officer
    kind      text not null,
    level     text not null,
    area      text not null,
    function  text not null,
    person_id text not null references notifier.person,
    position  int  not null,  -- the lower is told first
    sample    boolean not null default false,
    primary key (post_key, person_id)
);
create index holding_person on notifier.holding (person_id);
create index holding_agency on notifier.holding (kind, level, area);

-- Contract for readers of other services: who may act for a post, without any contact.
create view notifier.post_holder_view as
select h.post_key, h.kind, h.level, h.area, h.function, h.person_id, p.name, h.position, h.sample
from notifier.holding h join notifier.person p on p.id = h.person_id;
