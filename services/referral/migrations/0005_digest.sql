-- Service items told to a child director without a referral: a list, no clock. Codes are numbers (items) or texts (programmes).
create table referral.digest (
  child_ref text not null, event_source text not null, event_id text not null, at timestamptz not null, kind text not null, level text not null,
  area text not null, to_role text not null, list_items jsonb not null, exercise boolean not null,
  primary key (child_ref, event_source, event_id));
create index digest_post on referral.digest (kind, area, at);

create view referral.digest_view as
  select child_ref, event_source, event_id, at, kind, level, area, to_role, list_items, exercise from referral.digest;
