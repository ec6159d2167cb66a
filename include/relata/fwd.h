// Declares the names of the library, for headers that only mention them.
#ifndef RELATA_FWD_H_
#define RELATA_FWD_H_

namespace relata {

class Clock;
class Currency;
class Database;
class Reader;
class Record;
class RowView;
class Snapshot;
class StructBinding;
class Transaction;
class Value;
struct Date;
struct Decimal;
struct Duration;
struct EntityDeclaration;
struct Money;
struct Options;
struct Point;
struct Timestamp;
template <class T>
struct Id;
template <class T>
class Set;
template <class T>
class View;

}  // namespace relata

#endif  // RELATA_FWD_H_
