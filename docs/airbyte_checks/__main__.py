"""Runs Airbyte's checks of a connector: `make test-airbyte-checks`, which makes the environment that they need.

They expect Airbyte's repository around the connector, so its layout is made in a temporary folder.
"""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path

import yaml

ROOT = Path(__file__).parent.parent.parent
NAME = "source-freshdesk"
TOOL = ROOT / ".venv-airbyte-checks" / "bin" / "airbyte-ops"
DOCUMENTATION_URL = "https://docs.airbyte.com/integrations/sources/freshdesk"

APPLIED = (
    "CheckConnectorIconIsAvailable",
    "CheckConnectorLanguageTag",
    "CheckConnectorMaxSecondsBetweenMessagesValue",
    "CheckConnectorLicense",
    "CheckVersionFollowsSemver",
    "CheckDocumentationExists",
    "CheckDocumentationHeadersOrder",
    "CheckPrerequisitesSectionDescribesRequiredFieldsFromSpec",
    "CheckSourceSectionContent",
    "CheckForAirbyteCloudSectionContent",
    "CheckForAirbyteOpenSectionContent",
    "CheckSupportedSyncModesSectionContent",
    "CheckTutorialsSectionContent",
    "CheckIpAllowListSectionContent",
    "CheckChangelogSectionContent",
    "CheckChangelogEntry",
)
POETRY = "it reads Poetry's table; this project has the standard one, is built by hatchling and locked with hashes"
NETWORK = "it asks Airbyte's registry or main branch over the network"
LEFT_OUT: Mapping[str, str] = {
    "CheckConnectorUsesPoetry": POETRY,
    "CheckConnectorCDKTag": POETRY,
    "CheckConnectorLicenseMatchInPyproject": POETRY,
    "CheckConnectorVersionMatchInPyproject": f"{POETRY}; unit_tests/test_documents.py compares the versions",
    "CheckDocumentationLinks": "it asks every link over the network; unit_tests/test_documents.py follows those inside",
    "CheckConnectorUsesHTTPSOnly": f"{NETWORK}; http is for a simulated account on the same machine",
    "CheckVersionIncrement": NETWORK,
    "CheckMigrationGuide": f"{NETWORK}; there is no breaking release yet",
    "ValidateBreakingChangesDeadlines": "there is no breaking release yet",
    "ValidateBreakingChangesDeadlineAction": "there is no breaking release yet",
    "ValidateMetadata": "it wants a page in Airbyte's own repository; unit_tests/test_documents.py reads the metadata",
    "CheckPublishToPyPiIsDeclared": "publishing is declared, as switched off, until there is a release",
    "CheckManifestOnlyConnectorBaseImage": "this connector is not manifest-only",
    "CheckConnectorUsesPythonBaseImage": "it asks for no Dockerfile; ours names the base image that the metadata name",
}
"""Checks that do not apply here, and why."""


def laid_out(folder: Path) -> None:
    """Put the connector and its page where Airbyte has its own, as one of the level whose rules are strict."""
    connector = folder / "airbyte-integrations" / "connectors" / NAME
    page = folder / "docs" / "integrations" / "sources" / "freshdesk.md"
    connector.mkdir(parents=True)
    page.parent.mkdir(parents=True)
    shutil.copytree(ROOT / "source_freshdesk", connector / "source_freshdesk")
    for name in ("pyproject.toml", "icon.svg", "README.md", "main.py"):
        shutil.copy(ROOT / name, connector)
    shutil.copy(ROOT / "docs" / "integration.md", page)
    metadata = yaml.safe_load((ROOT / "metadata.yaml").read_text("utf-8"))
    metadata["data"] |= {"documentationUrl": DOCUMENTATION_URL, "supportLevel": "certified"}
    metadata["data"]["ab_internal"] = {"sl": 300, "ql": 400}
    (connector / "metadata.yaml").write_text(yaml.safe_dump(metadata, sort_keys=False), "utf-8")
    # The tool looks for the repository that it is in.
    subprocess.run(["git", "init", "--quiet", str(folder)], check=True)


def main() -> int:
    """Run them, and print what does not pass, or that all do."""
    environment = {**os.environ, "PYTHONWARNINGS": "ignore", "AIRBYTE_OFFLINE_MODE": "1", "DO_NOT_TRACK": "1"}
    command = [str(TOOL), "local", "connector", "qa", "--name", NAME]
    command += [word for check in APPLIED for word in ("--check", check)]
    with tempfile.TemporaryDirectory() as folder:
        laid_out(Path(folder))
        run = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    passed = run.stdout.count("✅ PASS")
    if run.returncode or passed != len(APPLIED):
        sys.stdout.write(run.stdout + run.stderr)
        sys.stdout.write(f"\n{passed} of {len(APPLIED)} checks passed.\n")
        return 1
    sys.stdout.write(f"{passed} of Airbyte's checks passed; {len(LEFT_OUT)} do not apply here.\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
