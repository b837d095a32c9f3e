-- The gateway speaks the providers' own interfaces: what each accepted, what it will say about it, and what it has to tell us.
-- Texts are ours, contacts are sample contacts; nothing here names a child.
alter table phone.message add column submission text not null default '';  -- the provider's id; '' = by the plain JSON channel

create table phone.submission (
    provider text        not null,
    id       text        not null,  -- BizId, SerialNo, msgid or CallId
    "to"     text        not null,  -- a mainland number without +86, or a WeCom user id
    channel  text        not null,
    out_id   text        not null,  -- OutId, SessionContext or task_id: the sender's own id, if it gave one
    template text        not null,
    sign     text        not null,
    text     text        not null,
    at       timestamptz not null,
    success  boolean     not null,  -- what becomes of it, from `due_at` on
    code     text        not null,  -- … in the carrier's words
    due_at   timestamptz,           -- when the carrier says so; null = never
    pulled   boolean     not null default false,
    card     jsonb,                 -- WeCom's template card as it looks now
    recalled boolean     not null default false,
    primary key (provider, id, "to")
);
create index submission_to on phone.submission (provider, "to", at);
create index submission_pull on phone.submission (provider, due_at) where not pulled and due_at is not null;

-- What somebody wrote back by SMS.
create table phone.reply (
    id       bigint      generated always as identity primary key,
    provider text        not null,
    "from"   text        not null,
    text     text        not null,
    sign     text        not null,
    at       timestamptz not null,
    pulled   boolean     not null default false
);

-- Where our product takes receipts, replies and presses: what one enters in a provider's console.
create table phone.callback (
    provider text        not null,
    kind     text        not null check (kind in ('receipt', 'reply', 'press')),
    url      text        not null,
    primary key (provider, kind)
);

-- What a provider has to tell us; done when it was taken, given up, or there is nobody to tell.
create table phone.push (
    id       bigint      generated always as identity primary key,
    provider text        not null,
    kind     text        not null check (kind in ('receipt', 'reply', 'press')),
    fact     jsonb       not null,
    forged   boolean     not null,  -- somebody else pretends to be the provider: a lie, or a wrong signature
    next_at  timestamptz not null,
    attempts int         not null default 0,
    outcome  text        not null default ''  -- taken, given up, nobody
);
create index push_waiting on phone.push (next_at) where outcome = '';

-- Codes that a card gives, each good for one update within 72 hours.
create table phone.response_code (
    code       text        primary key,
    submission text        not null,
    "to"       text        not null,
    at         timestamptz not null
);
