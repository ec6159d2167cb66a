"""Checks that the tree keeps its shape, and prints what does not: one line per finding, exit code 1 if any.

    tests/house/layout.py [ROOT]

It reads files and compiles nothing. What it asks for:
- the top level holds what the plan names, and nothing else;
- a room includes only itself and rooms below it, and only `kv` sees <lmdb.h> (tests and benchmarks aside);
- a public header includes the standard library, Abseil, and the parts of Boost a host meets; never src/;
- an example includes public headers only, as a host does;
- every file opens with a banner that says what it is for; a header has the include guard its path gives;
- a source includes its own header first, so that the header is known to stand alone;
- a source file is at most 500 lines.
"""
import fnmatch
import pathlib
import re
import sys

ROOMS = ("base kv schema record store crm expr column query segment score answers quality privacy audience "
         "exchange engine report cli").split()
FLOOR = {room: number for number, room in enumerate(ROOMS)}
# Headers in include/relata/ itself: the small ones lie below every room, the one a host includes above the engine.
TOP_HEADERS = {"export.h": -1, "fwd.h": -1, "version.h": -1, "relata.h": FLOOR["engine"] + 0.5}

TOP_LEVEL = {
    "CMakeLists.txt", "include", "src", "bindings", "benchmarks", "examples", "tests", "LICENSE", "README.md",
    "CHANGELOG.md", ".ci", ".clang-format", ".clang-tidy", ".gitignore", "CMakePresets.json"
}
NOT_A_ROOM = {"build", "README.md"}
PUBLIC_BOOST = ("boost/archive/", "boost/describe", "boost/mp11", "boost/multi_index", "boost/serialization/")
LONGEST = 500
INCLUDE = re.compile(r'^\s*#\s*include\s*(?:"([^"]+)"|<([^>]+)>)')
CXX = {".h", ".cc"}


def floor_of(header):
    """The floor on which a header of ours lies ("relata/kv/tree.h", "src/kv/tree.h"), or None if it is not ours."""
    parts = pathlib.PurePosixPath(header).parts
    if parts[0] == "relata" and len(parts) == 2:
        return TOP_HEADERS.get(parts[1])
    if parts[0] in ("relata", "src") and len(parts) > 2:
        return FLOOR.get(parts[1])
    return None


def floor_name(floor):
    return ROOMS[floor] if isinstance(floor, int) and floor >= 0 else "the top headers"


class Tree:
    """One tree on disk and the findings in it."""

    def __init__(self, root):
        self.root = pathlib.Path(root)
        self.findings = []
        self.guards = {}

    def complain(self, path, text, line=None):
        place = path if line is None else f"{path}:{line}"
        self.findings.append(f"{place}: {text}")

    def check(self):
        self.check_top_level()
        for path in sorted(self.files()):
            text = (self.root / path).read_text(encoding="utf-8", errors="replace")
            self.check_banner(path, text)
            if path.suffix in CXX:
                self.check_includes(path, text)
                if path.parts[0] in ("include", "src"):
                    self.check_place(path)
                    self.check_guard(path, text)
                if path.parts[0] != "tests" and text.count("\n") > LONGEST:
                    self.complain(path, f"{text.count(chr(10))} lines; {LONGEST} at most: what else lives here?")
        return self.findings

    def check_top_level(self):
        ignore_file = self.root / ".gitignore"
        ignored = [".git"]
        if ignore_file.exists():
            ignored += [line.strip().strip("/") for line in ignore_file.read_text().splitlines() if line.strip()]
        for entry in sorted(self.root.iterdir()):
            if entry.name not in TOP_LEVEL and not any(fnmatch.fnmatch(entry.name, i) for i in ignored):
                self.complain(entry.name, "the top level is fixed; this belongs in a folder")

    def files(self):
        for folder in ("include", "src", "bindings", "benchmarks", "examples", "tests"):
            for path in (self.root / folder).rglob("*"):
                if path.is_file() and (path.suffix in CXX | {".py", ".cmake"} or path.name == "CMakeLists.txt"):
                    yield path.relative_to(self.root)

    def check_banner(self, path, text):
        lines = [line for line in text.splitlines()[:2] if not line.startswith("#!")]
        first = lines[0] if lines else ""
        opening = ("// ",) if path.suffix in CXX else ("# ", '"""', 'r"""')
        if not first.startswith(opening) or len(first) < 20:
            self.complain(path, "opens without a banner; say in the first line what the file is for")

    def check_place(self, path):
        if path.parts[0] == "include" and path.parts[1] != "relata":
            self.complain(path, "a public header lies under include/relata/")
            return
        inside = path.parts[2:] if path.parts[0] == "include" else path.parts[1:]
        if len(inside) == 1:
            if path.parts[0] == "src" or inside[0] not in TOP_HEADERS:
                self.complain(path, "lies in no room; move it into one, or give it a floor in tests/house/layout.py")
        elif inside[0] not in FLOOR and inside[0] not in NOT_A_ROOM:
            self.complain(path, f"{inside[0]} is not a room; the rooms are {' '.join(ROOMS)}")

    def check_guard(self, path, text):
        if path.suffix != ".h":
            return
        inside = path.parts[2:] if path.parts[0] == "include" else path.parts[1:]
        public_twin = self.root.joinpath("include", "relata", *inside)
        prefix = "RELATA_SRC_" if path.parts[0] == "src" and public_twin.exists() else "RELATA_"
        guard = prefix + re.sub(r"[^A-Z0-9]", "_", "_".join(inside).upper()) + "_"
        if not re.search(rf"^#ifndef {guard}\n#define {guard}\n", text, re.MULTILINE):
            self.complain(path, f"the include guard should be {guard}")
        elif guard in self.guards:
            self.complain(path, f"shares its include guard with {self.guards[guard]}; rename one of the files")
        self.guards.setdefault(guard, path)

    def check_includes(self, path, text):
        included = []
        for number, line in enumerate(text.splitlines(), 1):
            match = INCLUDE.match(line)
            if match:
                included.append((number, match.group(1) or match.group(2)))
        if path.parts[0] == "include":
            own_floor = floor_of("/".join(path.parts[1:]))
        else:
            own_floor = floor_of(path.as_posix())
        for number, header in included:
            self.check_include(path, number, header, own_floor)
        self.check_own_header_first(path, included)

    def check_include(self, path, number, header, own_floor):
        area = path.parts[0]
        if header.startswith("."):
            self.complain(path, f"includes {header}; name it from the root of the tree", number)
        if header == "lmdb.h" and area not in ("tests", "benchmarks") and path.parts[:2] != ("src", "kv"):
            self.complain(path, "includes <lmdb.h>; only room kv sees it", number)
        if area in ("include", "examples") and header.startswith("src/"):
            self.complain(path, f"includes {header}; what lies under src/ is private", number)
        if area == "include" and not self.allowed_in_public(header):
            self.complain(path, f"includes {header}, which a host need not have; keep it under src/", number)
        floor = floor_of(header)
        if floor is None and header.startswith("relata/") and area in ("include", "src"):
            self.complain(path, f"includes {header}, which lies in no room", number)
        if floor is not None and own_floor is not None and floor > own_floor:
            self.complain(path, f"includes {header}: {floor_name(own_floor)} reaches up to {floor_name(floor)}", number)

    @staticmethod
    def allowed_in_public(header):
        standard = re.fullmatch(r"[a-z_0-9]+", header) is not None
        return standard or header.startswith(("relata/", "src/", "absl/")) or header.startswith(PUBLIC_BOOST)

    def check_own_header_first(self, path, included):
        if path.parts[0] != "src" or path.suffix != ".cc" or not included:
            return
        inside = "/".join(path.parts[1:])[:-len(".cc")]
        public, private = f"relata/{inside}.h", f"src/{inside}.h"
        own = [header for header, file in ((public, self.root / "include" / public), (private, self.root / private))
               if file.exists()]
        if own and included[0][1] not in own:
            self.complain(path, f"should include {own[0]} first, which shows that it stands alone", included[0][0])


def main():
    root = sys.argv[1] if len(sys.argv) > 1 else pathlib.Path(__file__).parents[2]
    findings = Tree(root).check()
    for finding in findings:
        print(finding)
    print(f"layout: {len(findings)} findings" if findings else "layout: the tree keeps its shape")
    return 1 if findings else 0


if __name__ == "__main__":
    sys.exit(main())
