package openapi

// Version is the version of the document, not of the program. It follows
// semantic versioning as a client sees it: major if something was taken away
// or narrowed, minor if something was added, patch if only words or examples
// changed. A test compares the document with the one in docs, and says which.
const Version = "1.0.0"

// digest is the SHA-256 of the document without its version. It stands here so
// that nobody changes the document without looking at the line above; a test
// prints the one to put here.
const digest = "2ac3e408bf8f05cbb19421c7585b60a65346fa8c105313b1414ccca4d4e3a636"
