// Package document splices answers from encoded fragments that are kept in
// memory. A document is the JSON of one answer about one record. A fragment is
// the part of it that follows from one record alone, with a hole where the
// fragment of another record stands: a change to a connection drops one
// fragment, and not the thousands of documents that nest it.
//
// It may depend on internal/workforce and the standard library, and on nothing
// else of ours. It never reads a fact by itself, never knows what a member is
// called (the versions of the API bring the encoders), and never serves a
// fragment from the cache whose record is known to have changed since it was
// read.
//
// # How a reader uses it
//
//	missing := cache.Resolve(d, key, sections, nil)
//
// gives a document, or the fragments that it lacks. Those are read in one
// snapshot of the store, whose position in the change log (asOf) is read with
// them; they are encoded, parsed, offered with [Cache.Put], and handed to the
// next Resolve as extra, because the cache need not have kept them. What is in
// the holes of a missing fragment is not known before it was read, so that a
// cold document takes as many rounds as it nests.
//
// # What one document shows
//
// [Cache.Resolve] and [Cache.Advance] exclude each other: no document is made
// half before and half after a change that the cache was told of. What it was
// not told of yet can still be mixed: a fragment that was read at a later
// position stands beside one that was kept from an earlier one. So can what the
// caller brings. [Document.OneMoment] tells such a document. Telling the cache of
// the log up to asOf before resolving with what was read at asOf makes it rare,
// and reading everything in one snapshot (a nil cache) avoids it.
package document
