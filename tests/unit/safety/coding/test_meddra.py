"""A release that holds together is read; any other is refused with file and line."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from safety.coding.meddra import FILES, parse_meddra
from safety.errors import KnowledgeError
from tests.support.meddra import release_files


def changed(file: str, old: bytes, new: bytes) -> dict[str, bytes]:
    files = release_files()
    assert old in files[file]
    return files | {file: files[file].replace(old, new, 1)}


class TestParseMeddra:
    def test_terms_and_their_primary_path_are_read(self) -> None:
        # counted by hand in tests/data/meddra/99.0: 9 preferred terms, 18 lowest level terms
        release = parse_meddra(release_files())

        assert (release.version, release.language) == ("99.0", "Made-up")
        assert (len(release.pts), len(release.llts)) == (9, 18)
        gland = next(pt for pt in release.pts if pt.code == "90000105")
        assert (gland.soc, gland.hlgt) == ("Made-up skin disorders", "Skin conditions")
        assert [llt.code for llt in release.llts if not llt.is_current] == ["90000202"]

    def test_latin_1_and_utf_8_give_the_same_names(self) -> None:
        one, other = (
            parse_meddra(changed("llt.asc", b"Watery zorbs", "Zörbs wässrig".encode(encoding)))
            for encoding in ("utf-8", "latin-1")
        )

        assert "Zörbs wässrig" in {llt.name for llt in one.llts}
        assert [llt.name for llt in one.llts] == [llt.name for llt in other.llts]

    def test_chinese_names_are_read(self) -> None:
        release = parse_meddra(changed("llt.asc", b"Watery zorbs", "水样便".encode()))

        assert "水样便" in {llt.name for llt in release.llts}

    def test_the_version_is_asked_for_where_no_file_tells_it(self) -> None:
        files = release_files()
        del files["meddra_release.asc"]

        assert parse_meddra(files, version="99.0").version == "99.0"
        with pytest.raises(KnowledgeError, match="name the version"):
            parse_meddra(files)
        with pytest.raises(KnowledgeError, match="another version"):
            parse_meddra(release_files(), version="98.1")

    @pytest.mark.parametrize("file", FILES)
    def test_a_missing_or_empty_file_is_named(self, file: str) -> None:
        files = release_files()
        with pytest.raises(KnowledgeError, match=file):
            parse_meddra(files | {file: b""})
        del files[file]
        with pytest.raises(KnowledgeError, match=file):
            parse_meddra(files)

    @pytest.mark.parametrize(
        ("file", "old", "new", "message"),
        [
            ("llt.asc", b"90000102$Nausea$", b"90000101$Nausea$", "line 2: the code 90000101"),
            ("llt.asc", b"90000102$Nausea$", b"9000102$Nausea$", "line 2: a code must have"),
            ("llt.asc", b"$Nausea$", b"$ $", "line 2: the name is empty"),
            ("llt.asc", b"$90000101$$$$$$$N$", b"$90009999$$$$$$$N$", "line 11: its preferred"),
            ("llt.asc", b"$90000101$$$$$$$N$", b"$90000101$$$$$$$x$", "line 11: the flag must"),
            ("llt.asc", b"90000104$Rash$90000104", b"90000110$Rash$90000104", "90000104 is not"),
            ("llt.asc", b"Nausea", b"N\x81usea", "line 2: is neither UTF-8 nor Latin-1"),
            ("llt.asc", b"Nausea", b"N\x00usea", "line 2: is neither UTF-8 nor Latin-1"),
            ("hlt_pt.asc", b"90000021$90000102", b"90000021$90009999", "line 2: a code of the"),
            ("hlt_pt.asc", b"90000021$90000102$\r\n", b"", "no link leads to the term 90000102"),
            ("pt.asc", b"Vomiting$$90000001", b"Vomiting$$90000002", "line 3: the class is not"),
            ("pt.asc", b"$Vomiting$", b"$Nausea$", "line 3: the name of 90000103 occurs"),
            ("mdhier.asc", b"$90000001$Y$", b"$90000001$N$", "90000101 has no primary path"),
            ("mdhier.asc", b"$90000002$N$", b"$90000002$Y$", "line 6: a second primary path"),
            ("mdhier.asc", b"$90000021$90000011$", b"$90000021$90000012$", "line 1: hlgt_hlt"),
            ("meddra_release.asc", b"99.0", b"ninety", "line 1: does not begin"),
        ],
    )
    def test_what_does_not_hold_together_is_refused_with_its_place(
        self, file: str, old: bytes, new: bytes, message: str
    ) -> None:
        with pytest.raises(KnowledgeError, match=message):
            parse_meddra(changed(file, old, new))

    @given(st.data())
    def test_a_file_cut_anywhere_is_read_whole_or_refused(self, data: st.DataObject) -> None:
        files = release_files()
        file = data.draw(st.sampled_from(FILES))
        cut = data.draw(st.integers(0, len(files[file]) - 1))
        try:
            release = parse_meddra(files | {file: files[file][:cut]})
        except KnowledgeError as error:
            assert ".asc" in str(error)  # noqa: PT017 - either end is right
        else:
            # what may be lost without a trace is a lowest level term besides its preferred term
            assert len(release.pts) == 9
