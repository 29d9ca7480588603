// Package fuzz asks the server everything that the published document lets one
// think of, and much that it does not: every operation, every parameter, every
// field, each absent, right, at its bounds, of another type, repeated, in other
// spellings, far too long, and in characters that break careless programs; and
// the same of bodies, keys, framing and connections.
//
// It may depend on the standard library and on e2e/validate, from which it
// learns what there is to ask and whether an answer is allowed. It must never
// know what the server is made of, and never need its state: a request is a
// function of the seed and its number alone, so that it can be made again.
//
// What holds of every answer: the document describes it, it is not the server's
// fault (5xx), it comes in time, nothing follows it on the connection, and where
// the document leaves no doubt (a number below its minimum, an unknown key) it
// has the status that follows from that.
package fuzz
