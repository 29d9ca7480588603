// Package roster keeps of every person and account what lists filter and sort
// by, and answers the lists from memory: who matches, in which order, how many
// in all, and which of them are on a page.
//
// It may depend on internal/workforce, internal/lane and the standard library.
// It is given records and answers questions; it must never read a database, a
// clock or a file, and never hold a fact that it was not given.
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
// that match. If it is sorted by a text, they are taken from the order of
// everybody by that text, which is a list like others that large tables never
// let go; it knows whose texts are equal, so that descending lists come from it
// as well. Sorting by a number, such as a check, a day or the place of the
// user's name, is a few passes over the numbers. So for no list are many texts
// compared. Few rows are compared instead.
//
// Texts are looked up in an index of trigrams when there are so many people
// that looking at each would be felt. The domain of an e-mail address is kept
// once for all who have it. Who changed last is remembered in a short list, for
// those that follow the changes.
//
// # Who waits for whom
//
// Answers from kept lists share a lock for as long as it takes to copy a page.
// What has to look at many records is done by one at a time, without that lock.
// A change waits for the one that is at work, which gives way to it twice and
// then goes on to its end.
package roster
