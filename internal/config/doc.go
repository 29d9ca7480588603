// Package config is the one place where Passmuster's settings are declared,
// read and checked: [Config] is the manual, the table in settings.go drives the
// flags, the environment, the file and the generated passmuster.example.toml.
//
// A setting named rate-limit is the flag --rate-limit, the variable
// PASSMUSTER_RATE_LIMIT and the key rate_limit of the file named by --config.
// A flag wins over the environment, the environment over the file, the file
// over the default. Names that nobody declared are faults in all three, because
// a misspelled limit that is silently ignored is a limit that does not exist.
// All faults are reported in one go.
//
// It may depend on the standard library, pflag and the TOML parser. It must
// never open a database, listen, log or start anything, and must never let a
// secret into an error, a log line or a formatted value.
package config
