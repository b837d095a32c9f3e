"""Posts follow from kinds and territory, and have one name everywhere."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from events.agency import Agency
from services.directory.posts import Post, every_post, parse_post, post_faults

DAY = date(2026, 10, 2)
POSTS = list(every_post(DAY))


@given(st.sampled_from(POSTS))
def test_a_post_is_found_again_by_its_key(post: Post) -> None:
    assert parse_post(post.key) == post


@given(st.sampled_from(POSTS))
def test_every_post_is_accepted_in_a_file(post: Post) -> None:
    assert post_faults(post.agency.kind, post.agency.level, post.agency.area, post.function) == []


def test_no_post_stands_twice() -> None:
    assert len({post.key for post in POSTS}) == len(POSTS)


def test_county_bodies_have_a_head_and_townships_their_child_supervisor() -> None:
    keys = {post.key for post in POSTS}
    assert "civil_affairs@county/220122/case_lead" in keys
    assert "education@county/220322/bureau_head" in keys
    assert "township_government@township/220122/child_supervisor" in keys
    assert "village_committee@village/220122/child_director" in keys
    assert "police_station@unit/220122/bureau_head" not in keys


@pytest.mark.parametrize(
    "key", ["", "civil_affairs", "civil_affairs@county/220122", "civil_affairs@moon/220122/duty_officer"]
)
def test_what_is_no_key_says_what_a_key_looks_like(key: str) -> None:
    with pytest.raises(ValueError, match="civil_affairs@county/220122/duty_officer"):
        parse_post(key)


def test_a_village_is_answered_for_by_its_township_and_then_its_county() -> None:
    post = Post(Agency("village_committee", "village", "220122100201"), "child_director")
    assert [wider.agency.area for wider in post.wider] == ["220122100", "220122"]
    assert Post(Agency("civil_affairs", "county", "220122"), "case_lead").wider == ()


@pytest.mark.parametrize(
    ("post", "fields"),
    [
        (("civil_afairs", "county", "220122", "duty_officer"), ["kind"]),
        (("civil_affairs", "village", "220122", "duty_officer"), ["level"]),
        (("civil_affairs", "county", "210102", "caretaker"), ["area", "function"]),
        (("civil_affairs", "county", "220122100", "duty_officer"), ["area"]),
        (("police_station", "unit", "220122", "bureau_head"), ["function"]),
        (("township_government", "township", "220122100", "child_supervisor"), []),
    ],
)
def test_a_wrong_post_names_what_is_wrong(post: tuple[str, str, str, str], fields: list[str]) -> None:
    assert [field for field, _ in post_faults(*post)] == fields
