-- The cases of one incident are closed together.
create index case_incident on referral.case (incident) where state = 'open' and incident is not null;
