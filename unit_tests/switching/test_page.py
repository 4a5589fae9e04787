"""docs/switching.md says what becomes of each setting and state."""

from unit_tests.switching.recorded import CONFIGS, PAGE, ROOT, SPEC, rows_under


def test_the_page_says_what_becomes_of_each_setting() -> None:
    known = {setting for taken in CONFIGS.values() for setting in taken}
    known -= set(CONFIGS["settings that no version knows"]) - {"domain", "api_key"}
    assert {setting for setting, _ in rows_under("Settings")} == known
    assert all(f"`{setting}`" in PAGE for setting in SPEC["properties"])


def test_the_page_names_the_forms_of_states() -> None:
    forms = " ".join(form for form, _ in rows_under("Saved states"))
    assert all(key in forms for key in ("updated_at", "performed_at", "__ab_no_cursor", "__ab_full_refresh"))


def test_the_page_leads_to_files_that_exist() -> None:
    links = [part.split(")", 1)[0] for part in PAGE.split("](")[1:]]
    assert all((ROOT / "docs" / link.split("#", 1)[0]).exists() for link in links if not link.startswith("#"))
    headings = {
        line.lstrip("# ").lower().replace(",", "").replace(" ", "-")
        for line in PAGE.splitlines()
        if line.startswith("#")
    }
    assert {link[1:] for link in links if link.startswith("#")} <= headings
