-- Officers sign in as the person that the roster knows, without a password: by a code that is sent to their own contact, or by WeCom.
alter table access.session drop constraint session_check, add column person text,
    add constraint session_of_one check (num_nonnulls(account, token, person) = 1);

-- A code that was asked for in one browser. A row stands for whoever was named, known or not, so that the two look the same.
create table access.sign_in_code (
    browser    bytea       primary key,  -- SHA-256 of the browser's secret
    asked_for  bytea       not null,     -- SHA-256 of what was typed
    person     text,                     -- null: nobody of ours, and no code was sent
    code       bytea       not null,     -- SHA-256 of the browser's secret and the code: no use without that secret
    sent_at    timestamptz not null,
    expires_at timestamptz not null,
    tries      int         not null default 0,
    used_at    timestamptz
);
create index sign_in_code_sent on access.sign_in_code (sent_at);

-- A sign-in that went to WeCom and has not come back: good once, and only in the browser that began it.
create table access.sign_in_elsewhere (
    state      bytea       primary key,  -- SHA-256
    browser    bytea       not null,     -- SHA-256 of the browser's secret
    back       text        not null,
    expires_at timestamptz not null
);
