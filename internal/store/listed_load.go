package store

import (
	"context"
	"database/sql"
	"fmt"

	"golang.org/x/sync/errgroup"

	"github.com/passmuster/passmuster/internal/workforce"
)

// listedChunk is how many people or accounts are handed over at a time, so
// that a large company is never held twice.
const listedChunk = 1024

// LoadListed reads every record that lists are answered from and hands them to
// add in pieces, never two at a time. It gives a position of the log: a record
// is as it was there, or newer. So whoever follows the log from there on misses
// nothing.
func (db *DB) LoadListed(ctx context.Context, add func(workforce.Listed) error) (int64, error) {
	// Before the snapshots begin: what comes later is followed.
	pos, err := db.Head(ctx)
	if err != nil {
		return 0, err
	}
	pieces := make(chan workforce.Listed, 1)
	g, ctx := errgroup.WithContext(ctx)
	g.Go(func() error {
		defer close(pieces)
		return db.readListed(ctx, func(l workforce.Listed) error { return pass(ctx, pieces, l) })
	})
	g.Go(func() error {
		for l := range pieces {
			if err := add(l); err != nil {
				return err
			}
		}
		return nil
	})
	return pos, g.Wait()
}

// pass sends a value unless nobody waits for it any more.
func pass[T any](ctx context.Context, to chan<- T, value T) error {
	select {
	case to <- value:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// readListed reads with three snapshots at once, so that all processors have
// something to do: users, what belongs to their personnel records, and accounts.
func (db *DB) readListed(ctx context.Context, send func(workforce.Listed) error) error {
	readers, ctx := errgroup.WithContext(ctx)
	users := make(chan []workforce.ListedPerson, 1)
	readers.Go(func() error {
		defer close(users)
		return db.Read(ctx, func(r *Reader) error {
			return r.listUsers(ctx, func(p []workforce.ListedPerson) error { return pass(ctx, users, p) })
		})
	})
	readers.Go(func() error {
		return db.Read(ctx, func(r *Reader) error {
			failing, err := r.failingDevices(ctx, "")
			if err != nil {
				return fmt.Errorf("listing failing devices: %w", err)
			}
			for people := range users {
				if err := r.addParts(ctx, people, failing); err != nil {
					return err
				}
				if err := send(workforce.Listed{People: people}); err != nil {
					return err
				}
			}
			return nil
		})
	})
	readers.Go(func() error {
		return db.Read(ctx, func(r *Reader) error {
			l, err := r.listShared(ctx)
			if err == nil {
				err = send(l)
			}
			if err != nil {
				return err
			}
			return r.listAccounts(ctx, send)
		})
	})
	return readers.Wait()
}

// listUsers hands over all users with their personnel records, by number.
func (r *Reader) listUsers(ctx context.Context, send func([]workforce.ListedPerson) error) error {
	for after := workforce.UserID(0); ; {
		people, err := r.listedUsers(ctx, listedChunk, `WHERE u.id > $1 ORDER BY u.id LIMIT $2`, int64(after), listedChunk)
		if err != nil || len(people) == 0 {
			return err
		}
		after = people[len(people)-1].UserID
		if err := send(people); err != nil {
			return err
		}
	}
}

// listAccounts hands over all accounts, by kind and number.
func (r *Reader) listAccounts(ctx context.Context, send func(workforce.Listed) error) error {
	for _, kind := range workforce.AllAccountKinds {
		for after := workforce.AccountID(0); ; {
			accounts, err := r.listedAccounts(ctx, kind, listedChunk, `WHERE kind = $1 AND id > $2 ORDER BY id LIMIT $3`, int64(after), listedChunk)
			if err != nil {
				return err
			}
			if len(accounts) == 0 {
				break
			}
			after = accounts[len(accounts)-1].ID
			if err := send(workforce.Listed{Accounts: accounts}); err != nil {
				return err
			}
		}
	}
	return nil
}

// listShared gives all connections and groups, which are few.
func (r *Reader) listShared(ctx context.Context) (workforce.Listed, error) {
	var l workforce.Listed
	err := r.each(ctx, func(rows *sql.Rows) error {
		var c workforce.ListedConnection
		err := rows.Scan(&c.ID, &c.ClientType, &c.State, &c.ClientIDKey, &c.ClientAliasKey)
		l.Connections = append(l.Connections, c)
		return err
	}, `SELECT id, client_type, state, COALESCE(client_id_key, ''), COALESCE(client_alias_key, '') FROM connections ORDER BY id`)
	if err == nil {
		err = r.each(ctx, func(rows *sql.Rows) error {
			var id workforce.GroupID
			err := rows.Scan(&id)
			l.GroupIDs = append(l.GroupIDs, id)
			return err
		}, `SELECT id FROM groups ORDER BY id`)
	}
	if err != nil {
		return l, fmt.Errorf("listing connections and groups: %w", err)
	}
	return l, nil
}
