// Package proc reads what Linux says of processes and of the machine: processor
// time, memory, load. It may depend on the standard library alone and needs
// /proc. It must never guess: what cannot be read is an error, or "" for a fact
// that is only told.
package proc
