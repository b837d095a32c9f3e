-- Children whom events told of before the tracker kept files of them: nobody under care may go unseen because of an upgrade. Each is
-- looked at by the next tick (`next_at` has passed), and what is owed begins then. Exercises are about nobody. What rests on a sealed
-- matter (C4) belongs to a named post. On a new database there is nothing to do.
insert into tracker.child (child_ref, facts, marks, next_at)
select c.child_ref, c.facts - array['times', 'signals', 'keys', 'digested'],
  case when c.facts ? 'rating'
    then jsonb_build_object('rating_at', to_char(c.updated_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS+00:00')) else '{}' end
  || case when c.child_ref in (select child from referral.referral where fact->>'classification' = 'C4')
    then '{"sealed": true}'::jsonb else '{}' end,
  c.updated_at
from referral.child c where c.child_ref not like 'c\_drill\_%'
on conflict (child_ref) do nothing;
