// Package roster keeps of every person and account what lists filter and sort
// by, and answers the lists from memory: who matches, in which order, how many
// in all, and which of them are on a page.
//
// It may depend on internal/workforce and the standard library. It is given
// records and answers questions; it must never read a database, a clock or a
// file, and never hold a fact that it was not given.
//
// # How
//
// A record is a small row without a pointer and, for texts and what is rarely
// looked at, a run of bytes in an arena: a million people are a few large
// allocations that the collector does not look into.
//
// The outcome of a query is a list of row numbers in order, and is kept: a page
// at any depth is then a piece of it. Whoever changes a record moves it in the
// kept lists, by binary search with what it was and what it is, so that a kept
// list is always what the query would give now. The lists that were not asked
// for longest are forgotten, as are all when very much changes at once.
//
// A list that is not kept is made by one pass over the rows that marks those
// that match, and one pass along the list of everybody in that order, which is
// a kept list like others. Few rows are sorted instead. Texts of three bytes
// and more are looked up in an index of trigrams when there are so many people
// that looking at each would be felt.
//
// # Who waits for whom
//
// Answers from kept lists share a lock for as long as it takes to copy a page.
// What has to look at many records is done by one at a time, without that lock.
// A change waits for the one that is at work, which gives way to it twice and
// then goes on to its end.
package roster
