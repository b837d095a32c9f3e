-- Editions of the law as they were loaded, whole: what was decided under one can be explained as long as the case is kept.
create table referral.edition (
  id text primary key, files jsonb not null, loaded_at timestamptz not null, loaded_by text not null);

-- Which edition shall hold from which day. Proposed by one, approved by another, perhaps withdrawn; no row is ever removed.
create table referral.activation (
  id text primary key, edition text not null references referral.edition, from_date date not null,
  proposed_by text not null, proposed_name text not null, proposed_person text, proposed_at timestamptz not null,
  approved_by text, approved_name text, approved_at timestamptz, withdrawn_by text, withdrawn_name text, withdrawn_at timestamptz,
  check (approved_by <> proposed_by),
  check ((approved_by is null) = (approved_at is null) and (withdrawn_by is null) = (withdrawn_at is null)));
create unique index one_activation on referral.activation (edition, from_date) where withdrawn_at is null;

-- Holiday notices that were loaded beside the editions: a fact of the calendar, not a choice of the rulebook.
create table referral.holiday_notice (
  year integer primary key, notice text not null, loaded_at timestamptz not null, loaded_by text not null);

create view referral.edition_view as select id, loaded_at, loaded_by from referral.edition;
create view referral.activation_view as
  select id, edition, from_date, proposed_by, proposed_name, proposed_at, approved_by, approved_name, approved_at, withdrawn_by,
    withdrawn_name, withdrawn_at
  from referral.activation;
create view referral.holiday_notice_view as select year, notice, loaded_at, loaded_by from referral.holiday_notice;
