-- The years whose holidays the referral service knows, whether from an edition or from a notice that was loaded: what is provisional
-- without them is counted anew when a year is added, and operations are warned when the next one is missing (T31).
create table referral.calendar_year (year integer primary key, known_since timestamptz not null);
create view referral.calendar_year_view as select year, known_since from referral.calendar_year;
create index referral_provisional on referral.referral (case_id) where fact->'clocks' @> '[{"provisional": true}]';
