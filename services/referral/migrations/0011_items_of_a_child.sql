-- What open referrals of a child hold of the service lists: asked for every child on file when a county's comparison falls due (T06, T08).
create index referral_items on referral.referral (child) where jsonb_array_length(fact->'list_items') > 0;
