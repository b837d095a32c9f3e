-- Many fall due at one moment (the close of business, midnight). In the order of the index a piece of them is read without sorting all of them.
create index referral_due_in_order on tracker.referral (next_at, id) where next_at is not null;
drop index tracker.referral_next;
create index obligation_due_in_order on tracker.obligation (next_at, id) where next_at is not null;
drop index tracker.obligation_next;
create index child_due_in_order on tracker.child (next_at, child_ref) where next_at is not null;
drop index tracker.child_next;
