"""Plants each kind of disorder in a small tree and sees that layout.py finds it, and nothing in a tidy tree."""
import pathlib
import tempfile
import unittest

import layout

BANNER = "// Defines what this file is for, in words.\n"


def header(guard, *includes):
    lines = "".join(f"#include {name}\n" for name in includes)
    return f"{BANNER}#ifndef {guard}\n#define {guard}\n\n{lines}\n#endif  // {guard}\n"


def tidy_tree():
    """Path to contents of a tree without a finding; each test changes one thing."""
    return {
        "CMakeLists.txt": "# Builds the planted tree.\n",
        ".gitignore": "/build*/\n*.relata\n",
        "include/relata/export.h": header("RELATA_EXPORT_H_"),
        "include/relata/relata.h": header("RELATA_RELATA_H_", '"relata/engine/database.h"'),
        "include/relata/base/status.h": header("RELATA_BASE_STATUS_H_", "<string>", '"absl/status/status.h"',
                                               "<boost/describe.hpp>", '"relata/export.h"'),
        "include/relata/engine/database.h": header("RELATA_ENGINE_DATABASE_H_", '"relata/base/status.h"'),
        "src/base/status.cc": BANNER + '#include "relata/base/status.h"\n\n#include <xxhash.h>\n',
        "src/kv/tree.h": header("RELATA_KV_TREE_H_", "<lmdb.h>", '"relata/base/status.h"'),
        "src/kv/tree.cc": BANNER + '#include "src/kv/tree.h"\n',
        "src/cli/main.cc": BANNER + '#include "relata/relata.h"\n',
        "examples/first.cc": BANNER + '#include "relata/relata.h"\n',
        "benchmarks/peer.cc": BANNER + "#include <lmdb.h>\n",
        "tests/kv/tree_test.cc": BANNER + '#include "src/kv/tree.h"\n#include <lmdb.h>\n',
        "build-thread/junk.txt": "",
    }


def findings(changes):
    with tempfile.TemporaryDirectory() as folder:
        for name, text in {**tidy_tree(), **changes}.items():
            path = pathlib.Path(folder, name)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
        return layout.Tree(folder).check()


class LayoutTest(unittest.TestCase):

    def assert_one(self, changes, place, *words):
        found = findings(changes)
        self.assertEqual(len(found), 1, found)
        self.assertTrue(found[0].startswith(place), found[0])
        for word in words:
            self.assertIn(word, found[0])

    def test_a_tidy_tree_has_no_findings(self):
        self.assertEqual(findings({}), [])

    def test_something_else_at_the_top(self):
        self.assert_one({"notes.txt": "later"}, "notes.txt:", "top level is fixed")

    def test_a_room_that_reaches_up(self):
        self.assert_one({"src/kv/tree.cc": BANNER + '#include "src/kv/tree.h"\n#include "src/store/log.h"\n'},
                        "src/kv/tree.cc:3:", "kv reaches up to store")

    def test_a_public_header_that_reaches_up(self):
        self.assert_one({"include/relata/crm/person.h": header("RELATA_CRM_PERSON_H_", '"relata/query/plan.h"')},
                        "include/relata/crm/person.h:5:", "crm reaches up to query")

    def test_a_room_that_includes_the_header_of_everything(self):
        self.assert_one({"src/store/log.cc": BANNER + '#include "relata/relata.h"\n'}, "src/store/log.cc:2:",
                        "store reaches up")

    def test_a_top_header_that_includes_a_room(self):
        self.assert_one({"include/relata/export.h": header("RELATA_EXPORT_H_", '"relata/base/status.h"')},
                        "include/relata/export.h:5:", "reaches up to base")

    def test_lmdb_in_a_public_header(self):
        found = findings({"include/relata/kv/raw.h": header("RELATA_KV_RAW_H_", "<lmdb.h>")})
        self.assertTrue(any("only room kv sees it" in text for text in found), found)

    def test_lmdb_outside_its_room(self):
        self.assert_one({"src/store/log.cc": BANNER + "#include <lmdb.h>\n"}, "src/store/log.cc:2:", "only room kv")

    def test_a_private_header_in_a_public_one(self):
        self.assert_one({"include/relata/kv/raw.h": header("RELATA_KV_RAW_H_", '"src/kv/tree.h"')},
                        "include/relata/kv/raw.h:5:", "private")

    def test_a_private_header_in_an_example(self):
        self.assert_one({"examples/first.cc": BANNER + '#include "src/kv/tree.h"\n'}, "examples/first.cc:2:", "private")

    def test_a_relative_include(self):
        self.assert_one({"src/kv/cursor.cc": BANNER + '#include "../kv/tree.h"\n'}, "src/kv/cursor.cc:2:", "root")

    def test_a_library_a_host_need_not_have(self):
        for name in ("<unicode/coll.h>", "<roaring/roaring.hh>", "<boost/container/small_vector.hpp>"):
            self.assert_one({"include/relata/base/text.h": header("RELATA_BASE_TEXT_H_", name)},
                            "include/relata/base/text.h:5:", "host need not have")

    def test_a_header_of_ours_in_no_room(self):
        self.assert_one({"src/kv/cursor.cc": BANNER + '#include "relata/attic/old.h"\n'}, "src/kv/cursor.cc:2:", "no room")

    def test_a_file_without_a_banner(self):
        self.assert_one({"src/kv/cursor.cc": "#include <string>\n"}, "src/kv/cursor.cc:", "banner")
        self.assert_one({"tests/kv/cursor_test.cc": "\n" + BANNER}, "tests/kv/cursor_test.cc:", "banner")
        self.assert_one({"tests/kv/tests.cmake": "add_test(NAME a COMMAND b)\n"}, "tests/kv/tests.cmake:", "banner")
        self.assert_one({"src/kv/cursor.cc": ""}, "src/kv/cursor.cc:", "banner")

    def test_an_include_guard_that_is_off(self):
        self.assert_one({"src/kv/cursor.h": header("KV_CURSOR_H")}, "src/kv/cursor.h:", "RELATA_KV_CURSOR_H_")
        self.assert_one({"include/relata/base/a-inl.h": header("RELATA_BASE_A_H_")}, "include/relata/base/a-inl.h:",
                        "RELATA_BASE_A_INL_H_")

    def test_a_private_header_named_as_a_public_one(self):
        self.assertEqual(findings({"src/base/status.h": header("RELATA_SRC_BASE_STATUS_H_")}), [])
        self.assert_one({"src/base/status.h": header("RELATA_BASE_STATUS_H_")}, "src/base/status.h:",
                        "RELATA_SRC_BASE_STATUS_H_")

    def test_two_headers_with_one_guard(self):
        self.assert_one({"src/kv/a-b.h": header("RELATA_KV_A_B_H_"), "src/kv/a_b.h": header("RELATA_KV_A_B_H_")},
                        "src/kv/a_b.h:", "shares")

    def test_a_source_that_hides_what_its_header_lacks(self):
        self.assert_one({"src/kv/tree.cc": BANNER + '#include <string>\n#include "src/kv/tree.h"\n'},
                        "src/kv/tree.cc:2:", "first")

    def test_a_long_file(self):
        self.assertEqual(findings({"src/kv/cursor.cc": BANNER + "\n" * 499}), [])
        self.assert_one({"src/kv/cursor.cc": BANNER + "\n" * 500}, "src/kv/cursor.cc:", "501 lines")

    def test_a_folder_that_is_no_room(self):
        self.assert_one({"src/attic/old.cc": BANNER}, "src/attic/old.cc:", "not a room")
        self.assert_one({"src/loose.cc": BANNER}, "src/loose.cc:", "no room")
        self.assert_one({"include/relata/loose.h": header("RELATA_LOOSE_H_")}, "include/relata/loose.h:", "no room")
        self.assert_one({"include/other/a.h": header("RELATA_A_H_")}, "include/other/a.h:", "include/relata/")


if __name__ == "__main__":
    unittest.main()
