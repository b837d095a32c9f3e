-- Sources of the edition in force that a person should look at again (amended, repealed, lapsed), for the operations page.
create table referral.source_review (
    id           text primary key,
    title        text not null,
    number       text,
    status       text not null,
    last_checked date not null
);
create view referral.source_review_view as select id, title, number, status, last_checked from referral.source_review;
