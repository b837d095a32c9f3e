-- What looked odd about an event that was taken in all the same: codes, never a value of the event.
alter table intake.event add column flags text[] not null default '{}';
create or replace view intake.event_view as
select source, id, type, subject, time, accepted_at, via, traceparent, exercise, data, registered, seq, taken_in_at, flags from intake.event;
