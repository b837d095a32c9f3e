-- A referral whole, for readers that use this service's own reader (account, simulate).
create view referral.referral_view as
  select id, number, case_id, child, family, role, kind, level, area, severity, profile, state, version, opened_at, event_source, event_id,
    exercise, next_due, breached, fact, detail
  from referral.referral;
