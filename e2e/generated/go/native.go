package main

import (
	"bytes"
	"context"
	"fmt"
	"io"

	"github.com/passmuster/passmuster/e2e/generated/go/wire"
)

// readNative walks people and accounts by cursor, and reads the people again as
// lines.
func (w *walk) readNative(ctx context.Context) error {
	people := wire.ListPeopleParams{Limit: wire.NewOptInt64(limit), Facets: wire.NewOptBool(true)}
	met, err := cursorWalk(
		func(p *wire.PersonSummary) int64 { return p.ID },
		func(cursor wire.OptString) ([]wire.PersonSummary, wire.Pagination, error) {
			people.Cursor = cursor
			page, err := as[wire.PeoplePageHeaders](w.client.ListPeople(ctx, people))
			if err != nil {
				return nil, wire.Pagination{}, err
			}
			return page.Response.Data, page.Response.Pagination, expect(page.Response.Facets.Set, "no counts in the answer")
		})
	if err != nil {
		return fmt.Errorf("people: %w", err)
	}
	lines, err := as[wire.ListPeopleOKApplicationXNdjsonHeaders](w.client.ListPeople(ctx, wire.ListPeopleParams{
		Format: wire.NewOptListPeopleFormat(wire.ListPeopleFormatNdjson),
	}))
	if err != nil {
		return fmt.Errorf("people as lines: %w", err)
	}
	text, err := io.ReadAll(lines.Response)
	if err != nil {
		return fmt.Errorf("people as lines: %w", err)
	}
	// The last line says that it is the last.
	if n := bytes.Count(text, []byte("\n")); n != met+1 {
		return fmt.Errorf("%d people by pages, and %d lines", met, n)
	}
	accounts := wire.ListAccountsParams{Limit: wire.NewOptInt64(limit), Kind: wire.NewOptListAccountsKind(wire.ListAccountsKindInfrastructure)}
	_, err = cursorWalk(
		func(a *wire.AccountSummary) int64 { return a.ID },
		func(cursor wire.OptString) ([]wire.AccountSummary, wire.Pagination, error) {
			accounts.Cursor = cursor
			page, err := as[wire.AccountsPageHeaders](w.client.ListAccounts(ctx, accounts))
			if err != nil {
				return nil, wire.Pagination{}, err
			}
			return page.Response.Data, page.Response.Pagination, nil
		})
	if err != nil {
		return fmt.Errorf("accounts: %w", err)
	}
	return nil
}

// cursorWalk reads a list to its end and gives how many records it has, each of
// which has to come once.
func cursorWalk[T any](id func(*T) int64, read func(wire.OptString) ([]T, wire.Pagination, error)) (int, error) {
	met := map[int64]bool{}
	for cursor := (wire.OptString{}); ; {
		data, pagination, err := read(cursor)
		if err != nil {
			return 0, err
		}
		for i := range data {
			if met[id(&data[i])] {
				return 0, fmt.Errorf("record %d comes twice", id(&data[i]))
			}
			met[id(&data[i])] = true
		}
		if pagination.Cursor.Null {
			return len(met), expect(len(met) > limit && int64(len(met)) == pagination.Total,
				"%d records collected, and total is %d", len(met), pagination.Total)
		}
		cursor = wire.NewOptString(pagination.Cursor.Value)
	}
}
