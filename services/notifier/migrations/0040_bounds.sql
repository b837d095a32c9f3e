-- How many messages a person had, and until when child directors have been told their daily digest.
create index message_person on notifier.message (person_id, created_at);

create table notifier.daily (
    what       text        primary key,
    told_until timestamptz not null
);
