package stage

import (
	"context"
	"crypto/rand"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"path/filepath"
	"strings"
	"time"

	_ "github.com/jackc/pgx/v5/stdlib" // the driver "pgx"
)

// Every database that the bench makes has this in front of its name.
const databasePrefix = "passmuster_bench_"

// postgres gives a copy of a company in a database of its own. The company
// itself is a database too: it is kept on a cluster of ours, and dropped with
// the copy on a server that belongs to somebody else.
func (s *Stage) postgres(ctx context.Context, name string, people int, seed uint64) (Database, error) {
	c := s.cluster
	if c == nil {
		return Database{}, errors.New("there is no PostgreSQL server on this stage")
	}
	kept := databasePrefix + name
	if !c.ours {
		kept += "_" + strings.ToLower(rand.Text()[:8]) // two runs may share the server
	}
	record := filepath.Join(s.cache, kept+".json")
	exists, err := c.exists(ctx, kept)
	if err != nil {
		return Database{}, err
	}
	f, err := readFill(record)
	if err != nil || !exists {
		if f, err = s.fillPostgres(ctx, kept, record, people, seed); err != nil {
			return Database{}, err
		}
	}
	work := newName("work")
	// A copy of the files ends with a checkpoint, so that none of its writing
	// is left to be counted as ours.
	if err := c.exec(ctx, "copying the company", "CREATE DATABASE "+work+" TEMPLATE "+kept+" STRATEGY FILE_COPY"); err != nil {
		return Database{}, err
	}
	return Database{DSN: c.dsnOf(work), Fill: f, drop: func(ctx context.Context) error {
		drop := []string{"DROP DATABASE IF EXISTS " + work + " WITH (FORCE)"}
		if !c.ours {
			drop = append(drop, "DROP DATABASE IF EXISTS "+kept+" WITH (FORCE)")
		}
		return c.exec(ctx, "dropping the copy", drop...)
	}}, nil
}

// newName makes a name that no other run has.
func newName(use string) string {
	return databasePrefix + use + "_" + strings.ToLower(rand.Text()[:12])
}

func (s *Stage) fillPostgres(ctx context.Context, kept, record string, people int, seed uint64) (Fill, error) {
	c := s.cluster
	if c.ours {
		// What an interrupted run or an older program has left.
		if err := c.dropLike(ctx, fmt.Sprintf(databasePrefix+"%%_%d_%d", people, seed)); err != nil {
			return Fill{}, err
		}
	}
	if err := c.exec(ctx, "making a database", "CREATE DATABASE "+kept+" TEMPLATE template0 ENCODING 'UTF8'"); err != nil {
		return Fill{}, err
	}
	f, err := s.fill(ctx, PostgreSQL, c.dsnOf(kept), people, seed)
	if err != nil {
		return f, err
	}
	// What autovacuum would have done by the next day.
	if err := c.vacuum(ctx, kept); err != nil {
		return f, err
	}
	if f.Bytes, err = c.size(ctx, kept); err != nil {
		return f, err
	}
	if !c.ours {
		return f, nil
	}
	return f, writeFill(record, f)
}

func (c *Cluster) dsnOf(database string) string {
	u := c.dsn
	u.Path = "/" + database
	return u.String()
}

// with runs f on a connection that is closed before anything is measured.
func (c *Cluster) with(ctx context.Context, database string, f func(context.Context, *sql.DB) error) error {
	ctx, cancel := context.WithTimeout(ctx, 30*time.Minute)
	defer cancel()
	db, err := sql.Open("pgx", database)
	if err != nil {
		return err
	}
	return errors.Join(f(ctx, db), db.Close())
}

func (c *Cluster) exec(ctx context.Context, what string, statements ...string) error {
	err := c.with(ctx, c.dsn.String(), func(ctx context.Context, db *sql.DB) error {
		for _, s := range statements {
			if _, err := db.ExecContext(ctx, s); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("%s on PostgreSQL: %w", what, err)
	}
	return nil
}

func (c *Cluster) exists(ctx context.Context, database string) (bool, error) {
	var found bool
	err := c.with(ctx, c.dsn.String(), func(ctx context.Context, db *sql.DB) error {
		return db.QueryRowContext(ctx, `SELECT EXISTS (SELECT 1 FROM pg_database WHERE datname = $1)`, database).Scan(&found)
	})
	if err != nil {
		return false, fmt.Errorf("looking for a database on PostgreSQL: %w", err)
	}
	return found, nil
}

func (c *Cluster) dropLike(ctx context.Context, pattern string) error {
	err := c.with(ctx, c.dsn.String(), func(ctx context.Context, db *sql.DB) error {
		var names []string
		rows, err := db.QueryContext(ctx, `SELECT datname FROM pg_database WHERE datname LIKE $1`, strings.ReplaceAll(pattern, "_", `\_`))
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			var name string
			if err := rows.Scan(&name); err != nil {
				return err
			}
			names = append(names, name)
		}
		if err := rows.Err(); err != nil {
			return err
		}
		for _, name := range names {
			if _, err := db.ExecContext(ctx, "DROP DATABASE "+name+" WITH (FORCE)"); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("dropping old databases on PostgreSQL: %w", err)
	}
	return nil
}

func (c *Cluster) vacuum(ctx context.Context, database string) error {
	err := c.with(ctx, c.dsnOf(database), func(ctx context.Context, db *sql.DB) error {
		_, err := db.ExecContext(ctx, "VACUUM (ANALYZE)")
		return err
	})
	if err != nil {
		return fmt.Errorf("vacuuming the company: %w", err)
	}
	return nil
}

func (c *Cluster) size(ctx context.Context, database string) (int64, error) {
	var n int64
	err := c.with(ctx, c.dsn.String(), func(ctx context.Context, db *sql.DB) error {
		return db.QueryRowContext(ctx, `SELECT pg_database_size($1)`, database).Scan(&n)
	})
	if err != nil {
		return 0, fmt.Errorf("measuring a database: %w", err)
	}
	return n, nil
}

// parse reads a DSN in the form of a URL.
func parse(dsn string) (url.URL, error) {
	u, err := url.Parse(dsn)
	if err != nil || u.Scheme != "postgres" && u.Scheme != "postgresql" {
		// Not the error of the parser: it quotes the DSN, which may hold a password.
		return url.URL{}, errors.New("the DSN of PostgreSQL cannot be read: want postgres://USER@HOST:5432/NAME")
	}
	return *u, nil
}
