// Package v2 is the second version of the compatible wire: the operations
// under /public/v2, their parameters, the types of their answers, and the
// mapping from the domain to those types.
//
// It may depend on internal/rest (HTTP mechanics), internal/document (the
// fragments of answers), internal/directory (the use-cases) and
// internal/workforce (the domain). It must never import the store, another version of the API, or net/http clients; it must never decide
// who may do what, and never share a wire type with anything else.
//
// # Reading order
//
// routes.go is the table of contents; user.go, identity.go and personnel.go
// are wire types and mappers; user_params.go, cursor.go and user_handlers.go
// are what a request goes through.
//
// # Conventions of the wire types
//
// The fields of a struct stand in the order in which they are written. Every
// field is always written, as null when it is unknown, but for the parts of a
// user that were not asked for with expand[], which are left out. AppendJSON
// writes byte for byte what encoding/json would make of the struct with HTML
// escaping off; a test compares the two.
package v2
