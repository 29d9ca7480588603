// Package store keeps the record: it is the only place with SQL, for SQLite
// (the default, one file) and PostgreSQL 15 or newer. It may depend on
// internal/workforce and the database drivers, and on nothing else of ours. It
// never decides a rule of the business and never notifies anybody: whoever
// wants to know of changes reads the change log.
//
// # Guarantees
//
// The conformance suite in storetest tests each of these on both databases.
//
//   - [DB.Read] sees one snapshot, taken when it first reads: nothing that is
//     committed after that. It neither waits for writers nor stops them.
//   - [DB.Write] is atomic: all of its facts and their log rows, or nothing.
//     When it returns nil, the write is on disk.
//   - Every change of a fact has one row in the change log per subject and
//     transaction, written in the same transaction. A write that changes
//     nothing, or that puts back what it changed, adds no row.
//   - The log's numbers (seq) have no gaps and are in commit order: a reader
//     that has seen seq n has seen every change up to n.
//   - hash chains over a salted digest of each payload. A payload can be erased
//     ([DB.ErasePayloads]) and the chain still verifies; a changed row, a
//     changed payload, a missing row or a fact that was changed without the
//     log does not ([DB.Verify]).
//   - A person is read from a pack: one row that repeats what the tables say of
//     them. A write renews it in its own transaction, Verify compares it, and
//     who has none is read from the tables. [DB.PeopleParts] is one statement.
//   - A number is given once: the records of a kind are numbered from 1, and
//     the number of a record that is gone is not given again.
//   - Several processes may use the same database at the same time.
//   - Opening a database migrates it; opening it again changes nothing; one
//     that was written by a newer version is refused.
//   - A backup ([DB.Backup]) is one snapshot in one SQLite file, whichever
//     database it was made of, and has been verified. What it is restored to
//     ([Restore]) has the same rows, or is as it was before.
//
// # How the SQL is written
//
// One text serves both databases wherever it can: $1, $2, … in the order of
// first use, times as integer Unix milliseconds, booleans as 0 and 1, JSON as
// text, no arrays, no functions that only one of them has. What differs is in
// dialect_sqlite.go and dialect_postgres.go.
package store
