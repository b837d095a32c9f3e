-- What is old is found without reading everything.
create index notice_created on notifier.notice (created_at) where merged_into is null;
