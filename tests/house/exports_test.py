"""Feeds exports.py symbols that must not be shown, and sees that it names them."""
import unittest

import exports

NAMESPACES = {"relata", "relata::crm"}
WORDS = {"Money", "Person", "Annotate", "relata_open", "entity_table"}


class ExportsTest(unittest.TestCase):

    def found(self, *symbols):
        return exports.findings(symbols, NAMESPACES, WORDS)

    def test_public_names_pass(self):
        self.assertEqual(self.found(
            "relata::Annotate(absl::debian3::Status const&, std::basic_string_view<char>)",
            "relata::Money::Parse(std::basic_string_view<char>)",
            "relata::Money::~Money()",
            "relata::Money::operator<(relata::Money const&) const",
            "relata::operator==(relata::Money, relata::Money)",
            "relata::operator<<(std::ostream&, relata::Money)",
            "relata::crm::Person::Name[abi:cxx11]() const",
            "relata::crm::entity_table",
            "vtable for relata::crm::Person",
            "typeinfo name for relata::Money",
            "guard variable for relata::Money::Parse(int)::table",
            "non-virtual thunk to relata::crm::Person::~Person()",
            "relata_open"), [])

    def test_what_is_not_ours(self):
        for symbol in ("mdb_env_create", "std::vector<relata::Money>::~vector()", "absl::debian3::Status::~Status()",
                       "typeinfo for std::function<void ()>", "relatable::Thing::Run()"):
            self.assertEqual(len(self.found(symbol)), 1, symbol)
            self.assertIn("not relata's to show", self.found(symbol)[0])

    def test_a_namespace_that_is_not_listed(self):
        self.assertEqual(self.found("relata::kv::Tree::Get(int)", "vtable for relata::kv::Tree"),
                         ["relata::kv::Tree is exported, but namespace relata::kv is not listed"])

    def test_a_name_no_public_header_declares(self):
        self.assertEqual(self.found("relata::Hidden::Run()"),
                         ["relata::Hidden is exported, but no public header declares it"])
        self.assertEqual(self.found("relata_close"), ["relata_close is exported, but no public header declares it"])


if __name__ == "__main__":
    unittest.main()
