package openapi

// Version is the version of the document, not of the program. It follows
// semantic versioning as a client sees it: major if something was taken away
// or narrowed, minor if something was added, patch if only words or examples
// changed. A test compares the document with the one in docs, and says which.
const Version = "1.1.0"

// digest is the SHA-256 of the document without its version. It stands here so
// that nobody changes the document without looking at the line above; a test
// prints the one to put here.
const digest = "47fd31abe43b8148fbc99d98236c3d9597664f8f2b017bf7581f6f0eb2621edf"
