"""Which room of the fake may import which, and that it knows neither the connector nor the made-up company."""

from unit_tests.imports import ROOT, circles, imports_of

FAKE, BELIEVABLE = "integration_tests.fake_freshdesk", "integration_tests.believable"
ROOMS = ("service", "sections", "endpoints", "model")
"""From the top to the bottom: each may import those below it."""

IMPORTS = {
    module: of_module
    for folder in (FAKE, BELIEVABLE)
    for module, of_module in imports_of(ROOT.joinpath(*folder.split("."))).items()
}


def room_of(module: str) -> str:
    return module.removeprefix(FAKE).strip(".").partition(".")[0]


def test_each_room_imports_only_those_below_it() -> None:
    wrong = [
        f"{module} imports {imported}"
        for module, of_module in IMPORTS.items()
        for imported in of_module
        if room_of(module) in ROOMS and room_of(imported) in ROOMS
        if ROOMS.index(room_of(module)) > ROOMS.index(room_of(imported))
    ]
    assert wrong == []


def test_no_module_imports_itself_in_a_circle() -> None:
    assert circles({module: of_module - {FAKE} for module, of_module in IMPORTS.items()}) == []


def test_the_fake_knows_neither_the_made_up_company_nor_the_connector() -> None:
    of_the_fake = {
        imported
        for module, of_module in IMPORTS.items()
        if module.startswith(FAKE) and not module.endswith("__main__")
        for imported in of_module
    }
    assert [name for name in of_the_fake if name.startswith((BELIEVABLE, "source_freshdesk"))] == []
