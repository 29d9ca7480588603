// Package v1 is the first version of the compatible wire: the operations under
// /public, their parameters and bodies, the types of their answers, and the
// mapping from the domain to those types.
//
// It may depend on internal/rest (HTTP mechanics), internal/document (the
// fragments of answers), internal/directory (the use-cases) and
// internal/workforce (the domain). It must never import the store, another version of the API, or net/http clients; it must never decide
// who may do what, never change a fact by itself, and never share a wire type
// with anything else: what is served here is frozen, what is recorded is not.
//
// # Reading order
//
// routes.go is the table of contents. Each resource has three files: its wire
// types and mappers (personnel.go), its parameters (personnel_params.go) and
// its handlers (personnel_handlers.go).
//
// # Conventions of the wire types
//
// The fields of a struct stand in the order in which they are written. Every
// field is always written, as null when it is unknown, but for those tagged
// omitzero, which are left out where the nesting of users is cut (see [User]).
// AppendJSON writes byte for byte what encoding/json would make of the struct
// with HTML escaping off; a test compares the two. Field types are Go's own,
// [Time], [Date], and the domain's enumerations, whose members are the words of
// the wire.
package v1
