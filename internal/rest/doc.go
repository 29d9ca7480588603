// Package rest is the HTTP mechanics of the API, without a single business
// noun: the route table and its matcher, the adapter that turns a function
// returning an error into a handler, the parameter binder, the JSON append
// encoders, the cursor codec, the error bodies, and the middleware.
//
// It may depend on the standard library, golang.org/x/text, the Prometheus
// client, internal/lane for who waits for whom, and internal/workforce for its
// kinds of refusal ([workforce.Fault]). It must never import the store, the
// keys, the use-cases or an API version, never look at a record, and never
// decide who may do what: that question goes through [Gate], which the
// composition root supplies. It must never log a path, a query or a body,
// because those carry e-mail addresses.
//
// # One request
//
// [Stack] is the order of the middleware, outermost first: trace (request id,
// source address), access log, metrics, security headers, recover, and then
// the [Mux]. The Mux refuses in this order, which callers may rely on:
//
//	404/405 no such route, wrong method
//	429     too many requests from the address
//	401, 402, 412, 403  whatever Gate.Admit says; failed authentications count
//	        against their own limit and become 429 when it is used up
//	400     the binder; the body is not read before this point
//	429     too many lists wait already, see [Route.WaitsInLine]
//	404/409 whatever the handler says
//
// # Why not http.ServeMux
//
// ServeMux refuses to register two patterns of which neither is more specific:
// PUT /personnel/reset-sync/{id} beside PUT /personnel/{id}/status panics. It
// also answers an HTML redirect for a path it would clean ("//", ".."), and
// plain text for 404 and 405. The matcher in match.go is a table scan over
// segments of the escaped path (so that %2F stays inside its segment) with one
// rule, "a literal beats a wildcard, left to right, among the routes that have
// the method"; it never redirects, and it knows the methods of a path, so that
// 404 and 405 come out in the API's own shape.
package rest
