-- Contract for readers of other services: what a storm holds until it is told together; one row for each message that it will become.
create view notifier.held_view as
select gathering, count(*) as notices, min(not_before) as told_at from notifier.notice
where state = 'waiting' and text = 'many' group by gathering;
