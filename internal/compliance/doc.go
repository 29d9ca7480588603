// Package compliance is what can be done with what people are asked for and
// with the evidence that they meet it: rules, policies, acknowledgements,
// trainings, exclusions, groups, documents, devices and background checks, the
// explanation of a person's checks, and the work that keeps them current. The
// outcomes themselves are decided by internal/check, inside every transaction
// that changes a fact: see store.Tx. It depends on internal/store,
// internal/check, internal/file, internal/auth and internal/workforce, and
// knows nothing of HTTP.
//
// As in internal/directory, every use-case authorizes the principal in its
// context, checks its input, and works in one transaction; errors that are for
// the caller are [workforce.Fault]s.
package compliance
