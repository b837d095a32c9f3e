"""Directory files: who holds which post, how they are reached, when they have it; or everything that is wrong."""

from dataclasses import dataclass
from pathlib import Path

from services.directory.faults import Fault, FileFaults, Loc, Place, Words
from services.directory.people import Assignment
from services.directory.people_entries import assignments, check_across
from services.directory.roster_entries import PostPlan, leaves, plans
from services.directory.roster_tables import sheet_of
from services.directory.sheets import Sheet, decoded, read_yaml
from services.directory.shifts import Leave
from services.directory.tables import read_csv_table, read_workbook

_SUFFIXES = (".yaml", ".yml", ".csv", ".xlsx")


@dataclass
class Files:
    """What files say, each entry with the sheet and the place where it stands."""

    sheets: list[Sheet]
    people: list[tuple[Sheet, Loc, Assignment]]
    plans: list[tuple[Sheet, Loc, PostPlan]]
    leave: list[tuple[Sheet, Loc, Leave]]

    def stop_if_wrong(self) -> None:
        """Raise FileFaults with everything that is wrong in any of the files, in the order of the files."""
        faults = [fault for sheet in self.sheets for fault in sorted(set(sheet.faults))]
        if faults:
            raise FileFaults(faults)


def read_people(path: Path) -> list[Assignment]:
    """The assignments of a file (YAML, CSV, XLSX), or of all such files in a directory; raises FileFaults."""
    return [made for _, _, made in read_files(path).people]


def read_files(path: Path) -> Files:
    """Everything that a file, or all such files in a directory, say. Raises FileFaults with every fault in any of them."""
    sheets = [sheet for file in _files(path) for sheet in _sheets(file)]
    files = Files(
        sheets,
        [(sheet, loc, made) for sheet in sheets for loc, made in assignments(sheet)],
        [(sheet, loc, made) for sheet in sheets for loc, made in plans(sheet)],
        [(sheet, loc, made) for sheet in sheets for loc, made in leaves(sheet)],
    )
    check_across(files.people)
    seen: set[str] = set()
    for sheet, loc, made in files.plans:
        if made.post.key in seen:
            sheet.fault(
                loc, Words("该岗位的班表已在前面列出", "the roster of this post is listed before; expected once")
            )
        seen.add(made.post.key)
    files.stop_if_wrong()
    return files


def _files(path: Path) -> list[Path]:
    found = sorted(each for each in path.iterdir() if each.suffix.lower() in _SUFFIXES) if path.is_dir() else [path]
    if not found:
        words = Words("目录中没有 YAML、CSV 或 XLSX 文件", "a directory with YAML, CSV or XLSX files expected")
        raise FileFaults([_about(path.name, words)])
    return found


def _sheets(path: Path) -> list[Sheet]:
    name, suffix = path.name, path.suffix.lower()
    if suffix not in _SUFFIXES:
        words = Words("应为 .yaml、.yml、.csv 或 .xlsx 文件", "a .yaml, .yml, .csv or .xlsx file expected")
        return [_unreadable(name, words)]
    try:
        raw = path.read_bytes()
    except OSError as error:
        return [_unreadable(name, Words("无法读取该文件", f"a readable file expected: {error.strerror}"))]
    if suffix == ".xlsx":
        return [sheet_of(table) for table in read_workbook(name, raw)]
    text = decoded(raw)
    if text is None:
        return [_unreadable(name, Words("应为 UTF-8 或 GB 18030 编码", "text in UTF-8 or GB 18030 expected"))]
    return [sheet_of(read_csv_table(name, text)) if suffix == ".csv" else read_yaml(name, text)]


def _unreadable(name: str, words: Words) -> Sheet:
    return Sheet(name, faults=[_about(name, words)])


def _about(name: str, words: Words) -> Fault:
    return Fault(name, Place(1, 1), "file", words)
