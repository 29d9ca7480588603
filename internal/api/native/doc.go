// Package native is our own wire, below /native/v1: people and accounts as they
// are listed, thousands at a time, with what scripts ask for that the compatible
// API has no place for: cursors, changes since a position, facets, and the whole
// list as a stream.
//
// It may depend on internal/rest (HTTP mechanics), internal/directory (the
// use-cases) and internal/workforce (the domain). It must never import the
// store or a version of the compatible API, never decide who may do what, and
// never share a wire type with anything else.
//
// # Reading order
//
// routes.go is the table of contents; person.go and account.go are the wire
// types with their members, from which JSON, the columns of CSV and the values
// of fields follow; people_params.go and account_params.go are what a request
// may say; handlers.go answers pages and stream.go everything at once.
//
// # Conventions of the wire types
//
// The fields of a struct stand in the order in which they are written. A member
// is null when it is unknown, and left out only if the request named others with
// fields. AppendJSON writes byte for byte what encoding/json would make of the
// struct with HTML escaping off; a test compares the two.
package native
