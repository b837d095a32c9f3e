-- The last sign of life that came through the whole pipeline.
create table notifier.heartbeat (
    one     boolean     primary key check (one),
    at      timestamptz not null,  -- the period that it stands for
    arrived timestamptz not null
);
