// Package check decides whether a person meets each of the fifteen
// requirements. It is pure: [Eval] takes everything that is known of one person
// and an instant, and gives for each check the outcome, why, on what evidence,
// what to do about it, and when the answer can change by itself. [Decide] gives
// the same without the sentences. It depends on internal/workforce only, never
// reads a clock, and keeps nothing.
//
// Three rules hold for every check. One that is not asked of the person is
// EXCLUDED. Any known failure is FAIL. Otherwise whatever cannot be told (an
// unknown fact, nothing on record, no source for it) is MISCONFIGURED: unknown
// is never a pass and never a failure.
//
// Each check has a file of its own and a table of decisions in testdata/ that a
// compliance person can read; the six of devices share one file, as do the three
// trainings. To add one: its type in workforce.AllCheckTypes, its rule in
// workforce.DefaultRules, its file and its table here, its line in the list in
// check.go, its codes in [AllCodes].
package check
