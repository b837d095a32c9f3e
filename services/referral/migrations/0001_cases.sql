create schema if not exists referral;

-- One child's (household's, organisation's) open matter. `version` guards nothing outside: it counts changes for people.
create table referral.case (
  id text primary key, state text not null check (state in ('open', 'closed')), opened_at timestamptz not null, closed_at timestamptz,
  county text not null, children text[] not null, address_hash text, household text, incident text, organisation text,
  exercise boolean not null, edition text not null, version integer not null, held jsonb not null);
create index case_address on referral.case (address_hash) where state = 'open' and address_hash is not null;
create index case_household on referral.case (household) where state = 'open' and household is not null;

-- A child has at most one open case: the database says so too.
create table referral.case_child (
  case_id text not null references referral.case, child_ref text not null, open boolean not null, primary key (case_id, child_ref));
create unique index one_open_case_per_child on referral.case_child (child_ref) where open;

-- What events told about a child; rules about registers and pupils read it. No identity.
create table referral.child (child_ref text primary key, facts jsonb not null, updated_at timestamptz not null);

create table referral.referral (
  id text primary key, number text not null unique, case_id text not null references referral.case, child text, family text not null,
  role text not null, kind text not null, level text not null, area text not null, severity text not null, profile text not null,
  state text not null, version integer not null, opened_at timestamptz not null, event_source text not null, event_id text not null,
  exercise boolean not null, binding boolean not null, next_due timestamptz, breached boolean not null,
  fact jsonb not null, detail jsonb not null)
  with (fillfactor = 70);
create index referral_case on referral.referral (case_id);
create index referral_event on referral.referral (event_id, event_source);
create index referral_post on referral.referral (kind, area, opened_at desc, id);
create index referral_open on referral.referral (opened_at desc, id) where state not in ('closed', 'returned', 'redirected', 'cancelled', 'void');
-- One open primary per child and event family inside a case: the database says so too.
create unique index one_open_primary on referral.referral (case_id, coalesce(child, ''), family)
  where role = 'primary' and state not in ('closed', 'returned', 'redirected', 'cancelled', 'void');

create table referral.timer (
  id text primary key, case_id text not null references referral.case, what text not null, due_at timestamptz not null,
  state text not null, doc jsonb not null);
create index timer_case on referral.timer (case_id);

-- What became of every accepted event (promise 1). The key also catches repeats (promise 2) and is never pruned.
create table referral.decision (
  source text not null, event_id text not null, type text not null, outcome text not null, cases text[] not null, rules text[] not null,
  why jsonb, tried jsonb not null, edition text not null, accepted_at timestamptz not null, at timestamptz not null, exercise boolean not null,
  primary key (source, event_id));
create index decision_event on referral.decision (event_id);
create index decision_case on referral.decision using gin (cases);

-- Every answer with what was answered back, so that the same request gives the same answer.
create table referral.answer (
  referral_id text not null, request_id text not null, action text not null, by_id text not null, at timestamptz not null,
  data jsonb not null, status integer not null, response jsonb not null, primary key (referral_id, request_id));

create table referral.log (
  id bigint generated always as identity primary key, at timestamptz not null, case_id text not null, referral_id text, what text not null,
  ids jsonb not null, detail jsonb not null);
create index log_case on referral.log (case_id, id);

create table referral.external_notice (
  case_id text not null, event_id text not null, to_area text not null, at timestamptz not null, primary key (case_id, event_id, to_area));

create view referral.current_view as
  select id, number, case_id, state, version, kind, level, area, role, severity, fact->>'county' as county, child, opened_at, family,
    event_source, event_id, fact->'clocks' as clocks, exercise, profile, fact->>'classification' as classification,
    fact->'second_endpoints' as second_endpoints, next_due, breached, fact->'basis' as basis, fact->>'event_type' as event_type,
    detail->>'outcome' as outcome
  from referral.referral;
create view referral.case_view as
  select c.id, c.state, c.opened_at, c.closed_at, c.county, c.children, c.organisation, c.exercise, c.edition from referral.case c;
create view referral.decision_view as
  select source, event_id, type, outcome, cases, rules, why, tried, edition, accepted_at, at, exercise from referral.decision;
create view referral.log_view as select id, at, case_id, referral_id, what, ids, detail from referral.log;
create view referral.timer_view as select id, case_id, what, due_at, state from referral.timer;
create view referral.external_notice_view as select case_id, event_id, to_area, at from referral.external_notice;
