-- The age on file of a child: for counts alone (figures), never beside anything that says who it is.
create view referral.child_age_view as select child_ref, (facts->>'age_years')::integer as age_years from referral.child;
