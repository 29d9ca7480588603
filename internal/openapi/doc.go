// Package openapi describes the API to machines: it makes an OpenAPI 3.1
// document from the tables that the server itself runs on, serves it, and
// serves a page on which a person reads it and tries it out.
//
// It may depend on internal/rest (the route table, the registry of codes) and
// internal/workforce (the enumerations). It must never import an API version or
// a use-case, never look at a record, and never state a fact about the wire
// that a table of the server could have told it: what is written here by hand
// is prose, and the few exceptions in schema.go, each with its reason.
//
// # Where a line of the document comes from
//
//	paths, methods, operation ids,    rest.Route
//	  permissions, plan, statuses
//	parameters and request bodies     rest.Param, recorded from the binder
//	answers                           reflection over the wire types that the
//	                                  routes name (Route.Result)
//	enumerations                      the tables of internal/workforce
//	error codes                       rest.AnswerOf of each reason
//	descriptions                      describe_*.go, by operation, parameter
//	                                  and field; a missing one is an error
//	examples                          examples.json: what the server answers on
//	                                  the default demo company; written by
//	                                  go test ./internal/openapi -update
//
// [Document] is called once, when the program is put together; serving the
// document is serving bytes.
//
// # Strictness
//
// Of an answer, the document says exactly what is written: which members are
// always there, which can be null. Of a request, it says what to send; that
// the server also puts up with other spellings stands in the descriptions.
package openapi
