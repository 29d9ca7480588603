package directory

import (
	"context"
	"slices"

	"github.com/passmuster/passmuster/internal/auth"
	"github.com/passmuster/passmuster/internal/store"
	"github.com/passmuster/passmuster/internal/workforce"
)

// AccountPosition is a place in a list of accounts of several kinds, which come
// one after the other. With ID 0 it is the start of the kind.
type AccountPosition struct {
	Kind workforce.AccountKind
	workforce.ListPosition
}

// AccountsPage is a page of accounts. The log's Position is one that the answer
// holds at least: every change up to there is in it.
type AccountsPage struct {
	Records  []AccountSummary
	Total    int64 // accounts on all pages
	Position int64
	Next     *AccountPosition         // where the next page starts; nil on the last
	Facets   *workforce.AccountFacets // over all pages; nil unless asked for
}

// accountKinds is the kinds of accounts that are asked for, kind alone or, if
// it is empty, all that the principal may read. One who may read none of them
// is refused.
func accountKinds(ctx context.Context, kind workforce.AccountKind) ([]workforce.AccountKind, error) {
	asked := workforce.AllAccountKinds
	if kind != "" {
		asked = []workforce.AccountKind{kind}
	}
	var kinds []workforce.AccountKind
	var refused error
	for _, k := range asked {
		if _, err := auth.Require(ctx, k.ManageScope(), workforce.Reads); err == nil {
			kinds = append(kinds, k)
		} else if refused == nil {
			refused = err
		}
	}
	if len(kinds) == 0 {
		return nil, refused
	}
	return kinds, nil
}

// Accounts gives up to limit accounts of a kind after a position, nil being the
// start; with an empty q.Kind, of all kinds that the principal may read,
// infrastructure first and each kind sorted by itself. q.Page does not count.
// A q.ChangedSince that the log has not reached is a fault. List, facets and
// records are from one moment, unless changes do not stop coming.
func (s *Service) Accounts(ctx context.Context, q workforce.AccountQuery, after *AccountPosition, limit int, facets bool) (AccountsPage, error) {
	var out AccountsPage
	kinds, err := accountKinds(ctx, q.Kind)
	if err == nil && after != nil && !slices.Contains(kinds, after.Kind) {
		// The position was given to somebody who may read more.
		_, err = auth.Require(ctx, after.Kind.ManageScope(), workforce.Reads)
	}
	if err != nil {
		return out, err
	}
	var parts []accountPart
	list := func(at *listsAt) error {
		out = AccountsPage{Position: at.pos}
		var err error
		if parts, err = listAccounts(ctx, at, q, kinds, after, limit, &out); err != nil || !facets {
			return err
		}
		out.Facets, err = accountFacets(ctx, at, q, kinds)
		return err
	}
	err = s.listAndRead(ctx, q.ChangedSince, list, func(r *store.Reader) error {
		out.Records = nil
		for _, p := range parts {
			records, err := inParts(ctx, p.ids, func(part []workforce.AccountID) ([]AccountSummary, error) {
				return r.AccountSummaries(ctx, p.kind, part)
			})
			if err != nil {
				return err
			}
			out.Records = append(out.Records, records...)
		}
		return nil
	})
	return out, err
}

// accountPart is the accounts of one kind on a page.
type accountPart struct {
	kind workforce.AccountKind
	ids  []workforce.AccountID
}

// listAccounts lists a page over several kinds, with its total and its end.
func listAccounts(
	ctx context.Context, at *listsAt, q workforce.AccountQuery, kinds []workforce.AccountKind, after *AccountPosition, limit int, out *AccountsPage,
) ([]accountPart, error) {
	var parts []accountPart
	begun := after == nil
	for _, kind := range kinds {
		q.Kind = kind
		var from *workforce.ListPosition
		if !begun && after.Kind == kind {
			begun = true
			if after.ID != 0 {
				from = &after.ListPosition
			}
		}
		ids, total, next, err := at.roster.AccountsAfter(ctx, q, from, max(limit, 1))
		if err != nil {
			return nil, err
		}
		out.Total += total
		switch {
		case !begun || total == 0 || out.Next != nil:
		case limit == 0: // the page was full when this kind began
			out.Next = &AccountPosition{Kind: kind}
		default:
			parts = append(parts, accountPart{kind, ids})
			limit -= len(ids)
			if next != nil {
				out.Next = &AccountPosition{kind, *next}
			}
		}
	}
	return parts, nil
}

// accountFacets adds up the facets of the kinds.
func accountFacets(ctx context.Context, at *listsAt, q workforce.AccountQuery, kinds []workforce.AccountKind) (*workforce.AccountFacets, error) {
	sum := workforce.AccountFacets{
		Systems: map[workforce.ClientType]int64{}, Connections: map[workforce.ConnectionID]int64{},
		MFA: map[string]int64{}, Owners: map[string]int64{},
	}
	for _, q.Kind = range kinds {
		f, err := at.roster.AccountFacets(ctx, q)
		if err != nil {
			return nil, err
		}
		addUp(sum.Systems, f.Systems)
		addUp(sum.Connections, f.Connections)
		addUp(sum.MFA, f.MFA)
		addUp(sum.Owners, f.Owners)
	}
	return &sum, nil
}

func addUp[K comparable](sum, more map[K]int64) {
	for k, n := range more {
		sum[k] += n
	}
}

// StreamAccounts gives all accounts that a query selects, in the order of
// [Service.Accounts], whose faults it has; q.Page does not count.
func (s *Service) StreamAccounts(ctx context.Context, q workforce.AccountQuery) (*Stream[AccountSummary], error) {
	kinds, err := accountKinds(ctx, q.Kind)
	if err != nil {
		return nil, err
	}
	at, err := s.listsSince(ctx, q.ChangedSince)
	if err != nil {
		return nil, err
	}
	out := &Stream[AccountSummary]{Position: at.pos, db: s.db}
	for _, kind := range kinds {
		q.Kind = kind
		ids, total, _, err := at.roster.AccountsAfter(ctx, q, nil, everyone)
		if err != nil {
			return nil, err
		}
		out.Total += total
		chunked(out, ids, func(r *store.Reader, ctx context.Context, ids []workforce.AccountID) ([]AccountSummary, error) {
			return r.AccountSummaries(ctx, kind, ids)
		})
	}
	return out, nil
}
