"""
Which dictionary does this installation code to?

Without SAFETY_DICTIONARY_DIR the open one that is built in. With it, the MedDRA release in force in
that folder: each release has a folder of its own, as `safety dictionary load-meddra` copied it, and
the file `in-force` holds the name of one. A release is read when a process starts; a change never
takes effect in the middle of a stream.
"""

from pathlib import Path

from consumers.input_files import InputFileError, OutputFileError
from consumers.settings import Settings
from safety.coding import Dictionary, load_dictionary
from safety.coding.licensed import LicensedDictionary, build_licensed_dictionary
from safety.coding.meddra import FILES, RELEASE_FILE, MeddraRelease, parse_meddra
from safety.important import ImportantTerms, parse_important_terms
from safety.knowledge import Knowledge, load_knowledge

IN_FORCE = "in-force"
MAX_FILE_BYTES = 256 * 1024 * 1024  # the largest file of a release has some tens of megabytes


def build_knowledge(settings: Settings) -> Knowledge:
    """
    Load the knowledge with the dictionary in force.

    Raises:
        InputFileError: The folder of the release in force cannot be read.
        KnowledgeError: A file is faulty; names file and row.
    """
    return load_knowledge(build_dictionary(settings), _load_important_terms(settings))


def build_dictionary(settings: Settings) -> Dictionary:
    """Load the dictionary in force; errors as of `build_knowledge()`."""
    found = load_in_force(settings)
    return load_dictionary() if found is None else found.dictionary


def load_in_force(settings: Settings) -> LicensedDictionary | None:
    """Load the release in force; None if it is the open dictionary."""
    folder = settings.dictionary_dir
    if folder is None or not (folder / IN_FORCE).exists():
        return None
    return _in_force(folder)


def _in_force(folder: Path) -> LicensedDictionary:
    name = _read(folder / IN_FORCE).decode(errors="replace").strip()
    if not name or Path(name).name != name:
        raise InputFileError(f"{folder / IN_FORCE} holds no release's name; load it again")
    return build_licensed_dictionary(parse_meddra(_read_files(folder / name)))


def load_dictionary_at(folder: Path) -> Dictionary:
    """
    Load the dictionary of a folder: the release in force there, or the release that it is.

    Raises:
        InputFileError: The folder or a file cannot be read.
        KnowledgeError: The release does not hold together; names file and line.
    """
    if (folder / IN_FORCE).exists():
        return _in_force(folder).dictionary
    return build_licensed_dictionary(load_release(folder)).dictionary


def load_release(folder: Path, *, version: str | None = None) -> MeddraRelease:
    """
    Read and check the release in a folder.

    Raises:
        InputFileError: The folder or a file cannot be read.
        KnowledgeError: The release does not hold together; names file and line.
    """
    return parse_meddra(_read_files(folder), version=version)


def _load_important_terms(settings: Settings) -> ImportantTerms | None:
    """Read the user's list of important medical events, if the settings name one."""
    file = settings.important_events_file
    if file is None:
        return None
    try:
        return parse_important_terms(file.name, _read(file).decode("utf-8-sig"))
    except UnicodeDecodeError:
        raise InputFileError(f"{file} is not UTF-8; save it as UTF-8") from None


def keep_release(source: Path, target: Path, *, version: str | None = None) -> MeddraRelease:
    """
    Check a release, copy its files into the folder of dictionaries, and put it in force.

    Args:
        source: Folder with the release's files.

        target: The folder of SAFETY_DICTIONARY_DIR.

        version: As of `parse_meddra()`.

    Raises:
        OutputFileError: The target cannot be written, or holds other files of that version.
    """
    files = _read_files(source)
    release = parse_meddra(files, version=version)
    name = f"meddra-{release.version}-{release.digest[:12]}"
    files.setdefault(RELEASE_FILE, f"{release.version}$\n".encode())
    try:
        (target / name).mkdir(parents=True, exist_ok=True)
        for file, content in files.items():
            (target / name / file).write_bytes(content)
        written = target / f"{IN_FORCE}.new"
        written.write_text(f"{name}\n", encoding="utf-8")
        written.replace(target / IN_FORCE)
    except OSError as error:
        raise OutputFileError(f"{target} cannot be written ({error.strerror})") from None
    return release


def _read_files(folder: Path) -> dict[str, bytes]:
    if not folder.is_dir():
        raise InputFileError(f"{folder} is not a folder; name the one with llt.asc")
    wanted = {*FILES, RELEASE_FILE}
    found = {path.name.lower(): path for path in sorted(folder.iterdir())}
    return {name: _read(found[name]) for name in sorted(wanted & set(found))}


def _read(path: Path) -> bytes:
    try:
        if path.stat().st_size > MAX_FILE_BYTES:
            raise InputFileError(f"{path} is larger than any file of a release; check the folder")
        return path.read_bytes()
    except OSError as error:
        raise InputFileError(f"{path} cannot be read ({error.strerror})") from None
