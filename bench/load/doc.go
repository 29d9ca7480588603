// Package load sends requests over a fixed number of keep-alive connections and
// takes the time of each answer. It speaks just enough HTTP/1.1 for that, on the
// loopback interface only, because what the driver burns is taken from the same
// cores that the server needs.
//
// It may depend on the standard library alone. It must never accept an answer
// that is not the expected one: a number that was measured on wrong answers is
// worth nothing, so the first of them ends that run of load.
package load
