// Package demo makes up a company: its people with everything that is recorded
// of them, their accounts, its groups, policies, rules and connections. The
// company fills a fresh database for a first look, for trying automations
// against, and for tests and benchmarks that need many believable records.
//
// The generator is a pure function of seed, number of people and reference
// day: the same three give the same company, byte for byte. Every person is
// made from their own number alone (also their manager is found by arithmetic),
// so people and accounts are streamed, and nothing is kept but two bytes a
// person.
//
// A company of at least 300 people has every value of every enumeration, and
// every optional field both filled and absent; the tests say so. What the
// records say fits together: e-mails are made from names, a source record agrees
// with the personnel record unless a pin holds it.
//
// The checks are not made up. The package makes facts (policies and who has
// acknowledged them, trainings, exclusions, rules, documents, devices with their
// flags, background checks, identities and accounts), and the store computes the
// outcomes from them when it writes people. In a company of at least 300 people
// each of the fifteen checks has each of its four outcomes, most people pass
// most of them, records 1 to 3 pass all, and in every month of the year to come
// some outcome changes because time passes. That holds if the store's clock is
// in the reference day or soon after it.
//
// All names are put together from lists written for this package. Addresses and
// links are in example.com, example.org and example.net only.
//
// It may depend on workforce, and [Load] on store. It must never read the
// clock, the environment or any other source of chance.
package demo
