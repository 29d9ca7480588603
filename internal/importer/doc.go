// Package importer brings people and accounts in from files: it reads CSV and
// JSON into values with every fault of every row ([ParsePeople],
// [ParseAccounts]), and applies what was read to the store in one transaction
// ([ApplyPeople], [ApplyAccounts]).
//
// It may depend on internal/workforce, internal/reconcile, internal/auth (who
// imports), internal/store, and golang.org/x/text (normal forms). Parsing is
// pure: no clock, no database. It must never guess: a date that can be read in
// two ways, a full name, a word for a status that means different things in
// different systems are refused or left out, with a reason and what to do
// instead. It must never take an absent value for false.
//
// # What a file says
//
//   - A column that is not in the file says nothing. Neither does an empty
//     cell; but where the same source said something before and its cell is
//     empty now, the source has taken it back.
//   - A person or account that is not in the file is not touched: a file may
//     be any part of the whole.
//   - The employment status is the one in the file, or follows from the dates:
//     a separation date that is not after today makes a former person, a start
//     date after today a future hire, any other known date a current person;
//     without dates the status is UNKNOWN. The column isContractor decides
//     between employee and contractor; where it says nothing, the person is
//     listed as an employee, and the fact itself stays unknown.
package importer
