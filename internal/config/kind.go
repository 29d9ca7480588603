package config

import (
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/netip"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
)

// kind says how values of type T are written and which are allowed. Errors of
// parse and check complete the sentence "<name>: <value> …".
type kind[T any] struct {
	name   string // for --help, pflag's type names where it has one
	toml   tomlKind
	parse  func(text string) (T, error)
	format func(T) string
	check  func(T) error
}

// tomlKind is the type that a setting has in the file.
type tomlKind int

const (
	tomlText tomlKind = iota
	tomlNumber
	tomlBool
	tomlList
)

// wholeNumber allows min to max; allowed says so in words.
func wholeNumber(least, most int, allowed string) kind[int] {
	wrong := errors.New("must be " + allowed)
	return kind[int]{
		name: "int", toml: tomlNumber,
		parse: func(text string) (int, error) {
			n, err := strconv.Atoi(text)
			if err != nil {
				return 0, wrong
			}
			return n, nil
		},
		format: strconv.Itoa,
		check: func(n int) error {
			if n < least || n > most {
				return wrong
			}
			return nil
		},
	}
}

// yesNo allows true and false, and none of the other spellings that parsers
// disagree about.
func yesNo() kind[bool] {
	return kind[bool]{
		name: "bool", toml: tomlBool,
		parse: func(text string) (bool, error) {
			if text != "true" && text != "false" {
				return false, errors.New("must be true or false")
			}
			return text == "true", nil
		},
		format: strconv.FormatBool,
		check:  func(bool) error { return nil },
	}
}

// span allows durations from least to most.
func span(least, most time.Duration) kind[time.Duration] {
	wrong := fmt.Errorf("must be a duration with its unit from %s to %s, like 30s or 2m", shortSpan(least), shortSpan(most))
	return kind[time.Duration]{
		name: "duration", toml: tomlText,
		parse: func(text string) (time.Duration, error) {
			d, err := time.ParseDuration(text)
			if err != nil {
				return 0, wrong
			}
			return d, nil
		},
		format: shortSpan,
		check: func(d time.Duration) error {
			if d < least || d > most {
				return wrong
			}
			return nil
		},
	}
}

// shortSpan writes 2m and 1h where Duration.String writes 2m0s and 1h0m0s.
func shortSpan(d time.Duration) string {
	s := d.String()
	if strings.HasSuffix(s, "m0s") {
		s = strings.TrimSuffix(s, "0s")
	}
	if strings.HasSuffix(s, "h0m") {
		s = strings.TrimSuffix(s, "0m")
	}
	return s
}

// oneOf allows the values of a table, written as format writes them.
func oneOf[T comparable](all []T, format func(T) string) kind[T] {
	names := make([]string, len(all))
	for i, v := range all {
		names[i] = format(v)
	}
	wrong := errors.New("must be one of " + strings.Join(names, ", "))
	return kind[T]{
		name: "string", toml: tomlText,
		parse: func(text string) (T, error) {
			i := slices.Index(names, text)
			if i < 0 {
				var none T
				return none, wrong
			}
			return all[i], nil
		},
		format: format,
		check: func(v T) error {
			if !slices.Contains(all, v) {
				return wrong
			}
			return nil
		},
	}
}

// formatLevel writes a level as the settings spell it.
func formatLevel(l slog.Level) string { return strings.ToLower(l.String()) }

// address allows HOST:PORT to listen on.
func address() kind[string] {
	return kind[string]{
		name: "string", toml: tomlText,
		parse:  func(text string) (string, error) { return text, nil },
		format: func(s string) string { return s },
		check: func(s string) error {
			_, port, err := net.SplitHostPort(s)
			if err == nil {
				_, err = strconv.ParseUint(port, 10, 16)
			}
			if err != nil {
				return errors.New("must be HOST:PORT with a port from 0 to 65535, like 127.0.0.1:8080 or :8080")
			}
			return nil
		},
	}
}

// filePath allows the path of a file, or nothing. Whether the file is there is
// found out by whoever reads it.
func filePath() kind[string] {
	return kind[string]{
		name: "file", toml: tomlText,
		parse:  func(text string) (string, error) { return text, nil },
		format: func(s string) string { return s },
		check: func(s string) error {
			if strings.ContainsRune(s, 0) {
				return errors.New("must be the path of a file")
			}
			return nil
		},
	}
}

// folderPath allows the path of a folder, or nothing. Whether it is there is
// found out by whoever uses it.
func folderPath() kind[string] {
	k := filePath()
	check := k.check
	k.name = "folder"
	k.check = func(s string) error {
		if check(s) != nil {
			return errors.New("must be the path of a folder")
		}
		return nil
	}
	return k
}

// networks allows a comma-separated list of CIDR networks and single addresses.
func networks() kind[[]netip.Prefix] {
	return kind[[]netip.Prefix]{
		name: "networks", toml: tomlList,
		parse: func(text string) ([]netip.Prefix, error) {
			var list []netip.Prefix
			for item := range strings.SplitSeq(text, ",") {
				if item = strings.TrimSpace(item); item == "" {
					continue
				}
				p, err := parseNetwork(item)
				if err != nil {
					return nil, err
				}
				list = append(list, p)
			}
			return list, nil
		},
		format: func(list []netip.Prefix) string {
			items := make([]string, len(list))
			for i, p := range list {
				items[i] = p.String()
			}
			return strings.Join(items, ",")
		},
		check: func(list []netip.Prefix) error {
			for _, p := range list {
				if err := checkNetwork(p); err != nil {
					return err
				}
			}
			return nil
		},
	}
}

// parseNetwork reads one network; a bare address is the network of that address.
func parseNetwork(item string) (netip.Prefix, error) {
	if addr, err := netip.ParseAddr(item); err == nil && addr.Zone() == "" {
		return netip.PrefixFrom(addr, addr.BitLen()), nil
	}
	p, err := netip.ParsePrefix(item)
	if err != nil {
		return netip.Prefix{}, fmt.Errorf("must list networks like 10.0.0.0/8 or addresses like 192.0.2.7, separated by commas; %q is neither", item)
	}
	return p, nil
}

// checkNetwork refuses the spellings that would trust more, or less, than their
// author meant.
func checkNetwork(p netip.Prefix) error {
	switch {
	case !p.IsValid():
		return errors.New("must list valid networks")
	case p.Addr().Is4In6():
		return fmt.Errorf("must write an IPv4 network as IPv4, not as %s", p)
	case p.Bits() == 0:
		return fmt.Errorf("must not trust every address: with %s anyone could claim to be anyone", p)
	case p != p.Masked():
		return fmt.Errorf("must be unambiguous: for %s write %s, or %s for the one address",
			p, p.Masked(), netip.PrefixFrom(p.Addr(), p.Addr().BitLen()))
	default:
		return nil
	}
}

// The schemes of a database's DSN.
const (
	schemeSQLite     = "sqlite:"
	schemePostgres   = "postgres://"
	schemePostgreSQL = "postgresql://"
)

// dataSource allows the two kinds of database.
func dataSource() kind[string] {
	return kind[string]{
		name: "string", toml: tomlText,
		parse:  func(text string) (string, error) { return text, nil },
		format: func(s string) string { return s },
		check:  checkDSN,
	}
}

func checkDSN(dsn string) error {
	path, isSQLite := strings.CutPrefix(dsn, schemeSQLite)
	switch {
	case isSQLite && path == ":memory:":
		return errors.New("must name a file: a database in memory would lose every record at the end")
	case isSQLite && path != "" && !strings.Contains(path, "\x00"):
		return nil
	case isPostgres(dsn):
		// The parser's own error quotes the text, password included.
		if _, err := url.Parse(dsn); err != nil {
			return errors.New("must be a valid URL: percent-encode special characters of the password")
		}
		return nil
	default:
		return errors.New("must be sqlite:PATH or postgres://USER:PASSWORD@HOST:PORT/NAME")
	}
}

func isPostgres(dsn string) bool {
	return strings.HasPrefix(dsn, schemePostgres) || strings.HasPrefix(dsn, schemePostgreSQL)
}

// RedactDSN returns a DSN that may be shown: without password, and with nothing
// at all of a text that it cannot read, since any part of that may be secret.
func RedactDSN(dsn string) string {
	const hidden = "(hidden)"
	switch {
	case dsn == "":
		return ""
	case strings.HasPrefix(dsn, schemeSQLite):
		return dsn
	case !isPostgres(dsn):
		return hidden
	}
	u, err := url.Parse(dsn)
	if err != nil {
		return hidden
	}
	// Parameters may hold a password or the passphrase of a key; the few that
	// are worth showing do not outweigh that.
	u.RawQuery, u.Fragment, u.RawFragment = "", "", ""
	return u.Redacted()
}
