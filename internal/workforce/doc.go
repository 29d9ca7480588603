// Package workforce is the domain of Passmuster: the people who work for a
// company, the accounts they hold in other systems, the devices they use, and
// the state of every requirement they have to meet.
//
// It holds values, enumerations, rules that need nothing but those values, and
// the kinds of refusal that the rest of the program uses. It depends on the
// standard library and golang.org/x/text (case folding) only. It never does
// I/O, never reads the clock by itself, and knows nothing of HTTP or SQL.
//
// Conventions that hold for every type:
//
//   - An optional fact is a pointer; nil means that nobody told us. A nil
//     *bool is "unknown", which is never the same as false.
//   - Instants are time.Time in UTC with millisecond precision ([Millis]).
//   - Calendar dates are [Date].
//   - Enumerations are string types whose All… table lists every member, in
//     the order in which the API's documentation lists them.
//   - The JSON form of these types is the persisted form of the change log's
//     before and after; it is not the form of the API, which has its own types.
package workforce
