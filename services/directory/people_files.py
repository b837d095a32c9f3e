"""People's files: who holds which post and how they are reached, or everything that is wrong with them."""

from pathlib import Path

from services.directory.faults import Fault, FileFaults, Place, Words
from services.directory.people import Assignment
from services.directory.people_entries import assignments, check_across
from services.directory.sheets import Sheet, decoded, read_csv, read_yaml

_SUFFIXES = (".yaml", ".yml", ".csv")


def read_people(path: Path) -> list[Assignment]:
    """The assignments of a file (YAML or CSV), or of all such files in a directory.

    Raises FileFaults with everything that is wrong in any of them.
    """
    sheets = [_sheet(file) for file in _files(path)]
    found = [(sheet, loc, made) for sheet in sheets for loc, made in assignments(sheet)]
    check_across(found)
    faults = [fault for sheet in sheets for fault in sorted(set(sheet.faults))]
    if faults:
        raise FileFaults(faults)
    return [made for _, _, made in found]


def _files(path: Path) -> list[Path]:
    found = sorted(each for each in path.iterdir() if each.suffix.lower() in _SUFFIXES) if path.is_dir() else [path]
    if not found:
        raise FileFaults(
            [_about(path.name, Words("目录中没有 YAML 或 CSV 文件", "a directory with YAML or CSV files expected"))]
        )
    return found


def _sheet(path: Path) -> Sheet:
    name, suffix = path.name, path.suffix.lower()
    if suffix not in _SUFFIXES:
        return _unreadable(name, Words("应为 .yaml、.yml 或 .csv 文件", "a .yaml, .yml or .csv file expected"))
    try:
        text = decoded(path.read_bytes())
    except OSError as error:
        return _unreadable(name, Words("无法读取该文件", f"a readable file expected: {error.strerror}"))
    if text is None:
        return _unreadable(name, Words("应为 UTF-8 或 GB 18030 编码", "text in UTF-8 or GB 18030 expected"))
    return read_csv(name, text) if suffix == ".csv" else read_yaml(name, text)


def _unreadable(name: str, words: Words) -> Sheet:
    return Sheet(name, faults=[_about(name, words)])


def _about(name: str, words: Words) -> Fault:
    return Fault(name, Place(1, 1), "file", words)
