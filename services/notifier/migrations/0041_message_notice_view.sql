-- Contract for readers of other services: which duty to tell a message answers.
create view notifier.message_notice_view as select id, notice_id from notifier.message;
