// Package reconcile decides what the sources' words mean for the record. It is
// pure: values in, values out. It may depend on internal/workforce only, and
// must never read the clock or do I/O.
package reconcile
