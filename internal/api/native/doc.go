// Package native is our own wire, below /native/v1. It lists people and accounts,
// thousands at a time, with what scripts ask for that the compatible API has no
// place for: cursors, changes since a position, facets, and the whole list as a
// stream. And it is where the company says what compliance means: rules,
// policies, evidence, exclusions and groups, and why a person's checks are what
// they are.
//
// It may depend on internal/rest (HTTP mechanics), internal/directory and
// internal/compliance (the use-cases), internal/check (why an outcome is what it
// is) and internal/workforce (the domain). It must never import the
// store or a version of the compatible API, never decide who may do what, and
// never share a wire type with anything else.
//
// # Reading order
//
// routes.go is the table of contents; person.go and account.go are the wire
// types with their members, from which JSON, the columns of CSV and the values
// of fields follow; people_params.go and account_params.go are what a request
// may say; handlers.go answers pages and stream.go everything at once. What
// compliance has is in a file for each resource, with its handlers in it or
// beside it; input.go is how null and absence of a field are told apart.
//
// # Conventions of the wire types
//
// The fields of a struct stand in the order in which they are written. A member
// is null when it is unknown, and left out only if the request named others with
// fields. AppendJSON writes byte for byte what encoding/json would make of the
// struct with HTML escaping off; a test compares the two.
package native
