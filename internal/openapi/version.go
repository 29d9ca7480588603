package openapi

// Version is the version of the document, not of the program. It follows
// semantic versioning as a client sees it: major if something was taken away
// or narrowed, minor if something was added, patch if only words or examples
// changed. A test compares the document with the one in docs, and says which.
const Version = "1.2.0"

// digest is the SHA-256 of the document without its version. It stands here so
// that nobody changes the document without looking at the line above; a test
// prints the one to put here.
const digest = "fb7b87459f3af5dd13fea45333c98f25432b1a67c8de45d75465aa6c191ae966"
