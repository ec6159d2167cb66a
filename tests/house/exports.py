"""Checks what the shared library shows: only listed namespaces of relata, only names that a public header declares.

    tests/house/exports.py LIBRARY NAMESPACES INCLUDE_DIR

NAMESPACES is exported_namespaces.txt beside this file. Anything else among the library's dynamic symbols (a bundled
C function, a copy of a standard template, a class that carries RELATA_EXPORT but lies under src/) is a finding.
"""
import pathlib
import re
import subprocess
import sys

# What the compiler emits besides functions and objects; the class they belong to follows.
SPECIAL = re.compile(r"^(?:construction vtable for|guard variable for|non-virtual thunk to|typeinfo for|"
                     r"typeinfo name for|virtual thunk to|vtable for|VTT for) ")
C_FUNCTION = re.compile(r"^relata_[a-z0-9_]+$")
NAMESPACE = re.compile(r"^[a-z][a-z0-9_]*$")


def qualified_name(symbol):
    """The name alone, split at `::`: "relata::Money::Parse(…)" gives ["relata", "Money", "Parse"]."""
    name = SPECIAL.sub("", symbol)
    operator = re.search(r"(?:^|::)operator", name)
    end = re.search(r"[(<\[ ]", name[:operator.start()] if operator else name)
    parts = (name[:end.start()] if end else name[:operator.start()] if operator else name).split("::")
    if operator and not end:
        parts = [part for part in parts if part] + ["operator"]
    return parts


def findings(symbols, namespaces, public_words):
    """One line for each name among `symbols` (demangled) that is neither listed nor declared; each name once."""
    found = {}
    for symbol in symbols:
        if C_FUNCTION.match(symbol):
            if symbol not in public_words:
                found[symbol] = f"{symbol} is exported, but no public header declares it"
            continue
        parts = qualified_name(symbol)
        depth = 0
        while depth < len(parts) - 1 and NAMESPACE.match(parts[depth]):
            depth += 1
        namespace, name = "::".join(parts[:depth]), parts[depth]
        shown = "::".join(parts[:depth + 1])
        if parts[0] != "relata":
            found[shown] = f"{symbol} is exported, and is not relata's to show"
        elif namespace not in namespaces:
            found[shown] = f"{shown} is exported, but namespace {namespace} is not listed"
        elif name != "operator" and name not in public_words:
            found[shown] = f"{shown} is exported, but no public header declares it"
    return [found[key] for key in sorted(found)]


def read_namespaces(path):
    lines = (line.split("#")[0].strip() for line in pathlib.Path(path).read_text().splitlines())
    return {line for line in lines if line}


def words_in_headers(folder):
    words = set()
    for path in pathlib.Path(folder).rglob("*.h"):
        words.update(re.findall(r"\w+", path.read_text(encoding="utf-8")))
    return words


def dynamic_symbols(library):
    """What the library defines for others, demangled; versions and types of symbol left off."""
    listing = subprocess.run(["nm", "--dynamic", "--defined-only", "--demangle", "--format=posix", library],
                             check=True, capture_output=True, text=True).stdout
    return [re.sub(r" [A-Za-z] [0-9a-f]+(?: [0-9a-f]+)?\s*$", "", line) for line in listing.splitlines()]


def main():
    library, namespaces, include_dir = sys.argv[1:]
    symbols = dynamic_symbols(library)
    found = findings(symbols, read_namespaces(namespaces), words_in_headers(include_dir))
    for finding in found:
        print(finding)
    if not symbols:
        found = ["nothing is exported"]
    print(f"exports: {len(found)} findings" if found else f"exports: {len(symbols)} symbols, all listed and declared")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
