// Defines a small host model with every kind of reference, index and option that the store keeps in step:
// groups in a hierarchy with rings of peers, clients with sets and history, tasks that cascade, restrict and
// clear.
#ifndef RELATA_TESTS_STORE_TEST_MODEL_H_
#define RELATA_TESTS_STORE_TEST_MODEL_H_

#include <boost/describe/class.hpp>
#include <optional>
#include <string>
#include <vector>

#include "relata/schema/declare.h"

namespace relata::store::test {

struct Group {
  Id<Group> id;
  std::string name;
  std::optional<Id<Group>> parent;  // a hierarchy; goes with what is above it
  std::optional<Id<Group>> peer;    // may form rings; goes with its peer
};
BOOST_DESCRIBE_STRUCT(Group, (), (id, name, parent, peer))

struct Home {
  std::string city;
  std::optional<std::string> street;
};
BOOST_DESCRIBE_STRUCT(Home, (), (city, street))

struct Client {
  Id<Client> id;
  std::string code;
  std::string name;
  Home home;
  std::optional<int64_t> rating;
  Set<std::string> tags;
  Set<Id<Group>> groups;
  std::optional<Id<Client>> mentor;
  Money credit;
  Currency currency;
};
BOOST_DESCRIBE_STRUCT(Client, (), (id, code, name, home, rating, tags, groups, mentor, credit, currency))

struct Task {
  Id<Task> id;
  Id<Client> client;                           // goes with it
  std::optional<Id<Group>> owner;              // keeps its group from going
  std::optional<AnyRef<Client, Group>> about;  // is cleared
  Date due;
};
BOOST_DESCRIBE_STRUCT(Task, (), (id, client, owner, about, due))

RELATA_ENTITY(Group, "group", ordered<&Group::name>, inverse<&Group::parent>("children", OnDelete::kCascade),
              inverse<&Group::peer>("peers", OnDelete::kCascade))
RELATA_ENTITY(Client, "client", unique<&Client::code>, ordered<folded<&Client::name>>,
              ordered<field<&Client::home, &Home::city>, desc<nulls_last<&Client::rating>>>,
              ordered<&Client::tags>, inverse<&Client::groups>("members", OnDelete::kClear),
              inverse<&Client::mentor>("pupils", OnDelete::kClear),
              with<&Client::code>(FieldOptions{.required = true, .max_length = 8}),
              with<&Client::name>(FieldOptions{.history = true}))
RELATA_ENTITY(Task, "task", moment<&Task::due>, inverse<&Task::client>("tasks", OnDelete::kCascade),
              inverse<&Task::owner>("owned", OnDelete::kRestrict),
              inverse<&Task::about>("mentions", OnDelete::kClear))

inline std::vector<const EntityDeclaration*> Model() {
  return {&DeclarationOf<Group>(), &DeclarationOf<Client>(), &DeclarationOf<Task>()};
}

}  // namespace relata::store::test

#endif  // RELATA_TESTS_STORE_TEST_MODEL_H_
