"""Writes exports/<profile>/sample/ again from the golden release; look at the difference before you keep it."""

from __future__ import annotations

from pathlib import Path

from factcheck.exporters import profiles, render, view, write, write_folder
from tests.golden.export_changes import told
from tests.golden.export_release import release

EXPORTS = Path(__file__).parents[2] / "exports"


def main() -> None:
    """Render every built-in profile into its own folder."""
    frames = release()
    rows = view(frames.articles, frames.claims, frames.verdicts, frames.versions)
    for name, profile in profiles(None).items():
        done = render(rows, profile, told(frames, profile))
        streamed = [(one, "") for one in done.streamed]
        write(done.files, EXPORTS / name / "sample", force=True, streamed=streamed)
        if done.folder is not None:
            write_folder(done.folder, EXPORTS / name / "sample")


if __name__ == "__main__":
    main()
