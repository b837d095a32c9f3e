-- When the event came into this database. T (accepted_at) may be much earlier for a record that waited in Kafka; the account asks
-- how long an event has been ours without an outcome. A machine's time, so the machine's clock.
alter table intake.event add column taken_in_at timestamptz not null default clock_timestamp();
create or replace view intake.event_view as
select source, id, type, subject, time, accepted_at, via, traceparent, exercise, data, registered, seq, taken_in_at from intake.event;
