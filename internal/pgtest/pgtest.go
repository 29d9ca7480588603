// Package pgtest gives tests a PostgreSQL database of their own on a real
// server. It may depend on the standard library and the PostgreSQL driver. It
// must never know a table of ours, so that the tests of every package, those
// inside internal/store included, can use it; and it must never touch a
// database that it has not made itself.
//
// The server is the one that PASSMUSTER_TEST_POSTGRES names. A server that
// cannot be reached fails the test, because a suite that quietly tests one
// database of two proves half of what it says. "off" leaves PostgreSQL out, on
// a developer's machine only.
package pgtest

import (
	"context"
	"crypto/rand"
	"database/sql"
	"fmt"
	"net/url"
	"os"
	"strings"
	"testing"
	"time"

	_ "github.com/jackc/pgx/v5/stdlib" // the driver "pgx"
)

// Variable is the environment variable that names the server: a DSN of a
// database to connect to while others are created, or "off".
const Variable = "PASSMUSTER_TEST_POSTGRES"

const (
	defaultServer = "postgres://postgres@127.0.0.1:5432/postgres?sslmode=disable"
	patience      = 30 * time.Second // for one statement on a busy server
)

const howTo = `start a server, for example with
	docker run --rm -p 5432:5432 -e POSTGRES_HOST_AUTH_METHOD=trust postgres:15
or name yours in ` + Variable + `=postgres://USER@HOST:5432/postgres?sslmode=disable
or leave PostgreSQL out with ` + Variable + `=off`

// DSN gives the DSN of a new, empty database. It is dropped, with whoever is
// still connected to it, when the test ends.
func DSN(tb testing.TB) string {
	tb.Helper()
	server := serverDSN(tb)
	admin := open(tb, server)
	defer admin.Close()
	name := "passmuster_test_" + strings.ToLower(rand.Text()[:16])
	// template0 has nothing that an administrator may have put into template1.
	if err := exec(admin, `CREATE DATABASE `+name+` TEMPLATE template0 ENCODING 'UTF8'`); err != nil {
		tb.Fatalf("creating a test database: %v\n%s", err, howTo)
	}
	tb.Cleanup(func() {
		admin := open(tb, server)
		defer admin.Close()
		if err := exec(admin, `DROP DATABASE IF EXISTS `+name+` WITH (FORCE)`); err != nil {
			tb.Errorf("dropping the test database %s: %v", name, err)
		}
	})
	u, err := url.Parse(server)
	if err != nil {
		tb.Fatalf("%s is not a DSN like postgres://USER@HOST:5432/postgres", Variable)
	}
	u.Path = "/" + name
	return u.String()
}

// serverDSN is the server that the environment names. This is the one place of
// the project that skips a test, and only because somebody asked for that.
func serverDSN(tb testing.TB) string {
	tb.Helper()
	dsn := os.Getenv(Variable)
	switch {
	case dsn == "":
		return defaultServer
	case dsn != "off":
		return dsn
	case os.Getenv("CI") == "true":
		tb.Fatalf("%s=off is for a developer's machine: CI tests both databases", Variable)
	default:
		tb.Skipf("PostgreSQL is left out: %s=off", Variable)
	}
	return ""
}

func open(tb testing.TB, dsn string) *sql.DB {
	tb.Helper()
	db, err := sql.Open("pgx", dsn)
	if err != nil {
		tb.Fatalf("%s is not a DSN like postgres://USER@HOST:5432/postgres", Variable)
	}
	return db
}

func exec(db *sql.DB, text string) error {
	// Not the test's context: that one has ended when cleanup runs.
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	if _, err := db.ExecContext(ctx, text); err != nil {
		verb, _, _ := strings.Cut(text, " ")
		return fmt.Errorf("%s: %w", verb, err)
	}
	return nil
}
