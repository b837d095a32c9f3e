-- What providers say later: each message by template, what is awaited of each delivery, replies, and who holds a claim.
alter table notifier.notice add column ladder text not null default '';  -- class of the ladder: P1, P2 …

alter table notifier.message
    add column template text  not null default '',
    add column params   jsonb not null default '{}';

-- delivered, failed: by the provider's receipt. missing: none came in time.
alter table notifier.delivery drop constraint delivery_state_check;
alter table notifier.delivery add constraint delivery_state_check check (state in
    ('queued', 'sending', 'sent', 'refused', 'unknown', 'not_needed', 'delivered', 'failed', 'missing'));
alter table notifier.delivery
    add column reason      text        not null default '',     -- why, in one vocabulary for all providers: bad_number …
    add column provider_id text        not null default '',     -- BizId, SerialNo, CallId, msgid
    add column promised    boolean     not null default false,  -- its provider gives receipts
    add column receipt_by  timestamptz,                         -- a receipt is awaited until then
    add column ask_at      timestamptz,                         -- the provider is asked then
    add column asked       int         not null default 0,
    add column handed_at   timestamptz,
    add column claimed_by  bigint,                              -- the process whose claim it is: alive.py
    add column again       boolean     not null default false;  -- a process that died may have handed it over
create index delivery_asked on notifier.delivery (ask_at) where ask_at is not null;
create index delivery_provider on notifier.delivery (provider_id) where provider_id <> '';
create index delivery_at on notifier.delivery (at);

-- What people wrote back or pressed. Kept without the contact and without any text but what was understood of it.
create table notifier.reply (
    id         text        primary key,  -- from channel, provider's id or contact, moment and text: a repeat changes nothing
    channel    text        not null,
    person_id  text,                     -- null: nobody of ours has this contact
    numbers    text[]      not null,     -- the referrals that it acknowledges
    result     text        not null,     -- acknowledged, or why not: stranger, not_understood, which_one, not_on_duty, nothing_open
    at         timestamptz not null
);
create index reply_at on notifier.reply (at);

create or replace view notifier.delivery_view as
select message_id, channel, contact_masked, state, detail, attempts, at, reason, promised, receipt_by
from notifier.delivery;

create view notifier.reply_view as select id, channel, person_id, numbers, result, at from notifier.reply;
