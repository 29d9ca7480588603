// Package apitest is what the tests of the API versions share: records of the
// domain to serve, a small company in a real database, ways to send requests to
// a route table, and ways to look at the JSON that comes out.
//
// It may depend on everything below the API versions and on the testing
// libraries. It must never import an API version, and it knows nothing of what
// a version makes of a record.
package apitest
