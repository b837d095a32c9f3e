-- What was counted before the holidays of its year were known, and agencies' open duties by their code: looked for every minute.
create index obligation_provisional on tracker.obligation (due_on) where provisional and state in ('open', 'warned');
create index obligation_duty on tracker.obligation (code, part)
  where child_ref is null and state in ('open', 'warned', 'overdue');
