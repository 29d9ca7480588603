// Package peer sets up what somebody might run instead of Passmuster:
// PocketBase, the program that its makers publish, built from bench/pocketbase
// (a Go module of its own, so that its dependencies stay out of the product's).
// It makes an equivalent schema there, fills it with the same demo company, and
// says which of its requests ask for the same as one of Passmuster's.
//
// It may depend on the other packages of bench, the names of internal/workforce
// and a SQLite driver. It must never make the other program look worse than it
// is: totals have to agree before anything is measured, and where the work is
// not the same, bench/README.md says so.
package peer
