"""Which saves `stages check --watch` notices."""

import os

from stages.checking.watching import changed_since, times_of, wait_for_change


def test_a_saved_file_a_new_one_and_one_that_went_are_noticed(tmp_path):
    folder = tmp_path / "clients"
    folder.mkdir()
    kept, gone = folder / "kept.py", folder / "gone.html"
    kept.write_text("1")
    gone.write_text("1")
    (folder / "notes.sqlite3").write_text("1")
    before = times_of(tmp_path)

    def save(seconds):
        kept.write_text("2")
        os.utime(kept, ns=(1, 1))
        gone.unlink()
        (folder / "new.toml").write_text("")

    changed, after = wait_for_change(before, tmp_path, sleep=save)

    assert [path.name for path in changed] == ["gone.html", "kept.py", "new.toml"]
    assert changed_since(after, times_of(tmp_path)) == []
