-- The notice of each known year, for the other services that count working days: rosters and obligations.
alter table referral.calendar_year add column notice jsonb not null default '{}';
create or replace view referral.calendar_year_view as select year, known_since, notice from referral.calendar_year;
