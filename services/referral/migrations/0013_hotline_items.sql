-- Child-related items of the 12345 line, for the province's monitoring of public opinion and supervised handling (domain 3.5, E90): no child, nothing sealed.
create table referral.hotline_item (
    source   text not null,
    event_id text not null,
    class    text,
    primary key (source, event_id)
);
create view referral.hotline_item_view as
select i.source, i.event_id as item, i.class, c.county, coalesce(a.state, d.outcome) as state, a.outcome, d.accepted_at
from referral.hotline_item i
join referral.decision d on d.source = i.source and d.event_id = i.event_id
left join referral.case c on c.id = d.cases[1]
left join lateral (
    select r.state, r.detail->>'outcome' as outcome from referral.referral r
    where r.event_id = i.event_id and r.event_source = i.source and r.profile = 'HOT-3WD' order by r.opened_at desc, r.id limit 1
) a on true
where not d.exercise and not exists (
    select from referral.referral r where r.case_id = any(d.cases) and r.fact->>'classification' = 'C4');
create index decision_hotline on referral.decision (accepted_at) where type = 'hotline.lead.received.v1';
