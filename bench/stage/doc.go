// Package stage sets up what is measured: it builds the program, makes demo
// companies once and keeps them, starts servers, and runs a PostgreSQL of its
// own. It may depend on the standard library and the PostgreSQL driver. It must
// never touch a database that it has not made, and every measured run gets a
// copy of a company, so that one run does not change what the next one finds.
package stage
