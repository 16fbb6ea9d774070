"""The seed: complete, linked, and the same on every machine."""

from __future__ import annotations

from pathlib import Path

import pytest

from personalize.content import Content, ContentFault, Placement, load_answer, load_seed

SEED = Path(__file__).parents[3] / "portal" / "seed"


@pytest.fixture(scope="module")
def content() -> Content:
    return load_seed(SEED)


def test_the_seed_loads_with_every_link_in_place(content: Content) -> None:
    assert len(content.facts) >= 143
    assert len(content.glossary) >= 91
    assert content.answer("pancreatic").title.startswith("How does CAR-T cell therapy work")


def test_the_same_folder_gives_the_same_hash(content: Content) -> None:
    assert content.content_hash == load_seed(SEED).content_hash


def test_a_fact_not_yet_checked_is_on_no_page(content: Content) -> None:
    hidden = {one.id for one in content.facts if not one.is_shown}
    assert hidden == {"APPR-25"}
    shown = {fact for answer in content.answers for passage in answer.passages() for fact in passage.fact_ids}
    assert not hidden & shown


def test_a_passage_that_points_to_no_fact_is_refused(tmp_path: Path) -> None:
    (tmp_path / "answers").mkdir()
    (tmp_path / "answers" / "one.toml").write_text('slug = "one"\ntitle = "One"\n[[section]]\nid = "a"\ntitle = "A"\nfacts = ["NONE-01"]\n')
    with pytest.raises(ContentFault, match="NONE-01"):
        load_seed(tmp_path)


def test_a_broken_file_is_named(tmp_path: Path) -> None:
    path = tmp_path / "broken.toml"
    path.write_text("slug = [")
    with pytest.raises(ContentFault, match=r"broken\.toml"):
        load_answer(path)


def test_every_body_passage_of_the_general_page_has_a_fact(content: Content) -> None:
    for passage in content.answer("pancreatic").passages():
        assert passage.fact_ids, passage.id
        assert passage.text or passage.placement is Placement.HIDE


def test_every_service_has_a_source_and_the_day_it_was_checked(content: Content) -> None:
    urls = {one.key: one.url for one in content.sources}
    for one in content.services:
        assert urls[one.source_key] and one.checked_on and one.kind and one.region and one.cost, one.name


def test_every_cancer_with_an_answer_of_its_own_has_guidelines(content: Content) -> None:
    named = {one.cancer.lower() for one in content.guidelines}
    for one in content.answers:
        if one.codes and one.slug not in ("solid-tumors", "no-diagnosis"):
            assert named & {one.disease.lower(), f"{one.disease.lower()}s"}, one.slug
    assert all(one.url.startswith("https://") for one in content.guidelines)
