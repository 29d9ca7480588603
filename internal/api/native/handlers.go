package native

import (
	"context"
	"fmt"

	"github.com/passmuster/passmuster/internal/compliance"
	"github.com/passmuster/passmuster/internal/directory"
	"github.com/passmuster/passmuster/internal/rest"
	"github.com/passmuster/passmuster/internal/workforce"
)

// handlers are the functions behind the routes. They translate and nothing
// else: the use-cases authorize, read and write.
type handlers struct {
	directory  *directory.Service
	compliance *compliance.Service
	streams    chan struct{} // holds one for each stream that runs
}

func (h handlers) people(ctx context.Context, rq *rest.Request, p peopleParams) (rest.Response, error) {
	form, err := p.form(rq)
	if err != nil {
		return nil, err
	}
	shown := selected(personMembers, p.fields)
	if form != FormatJSON {
		open := func(ctx context.Context) (*records[directory.PersonSummary], error) {
			return recordsOf(h.directory.StreamPeople(ctx, p.query()))
		}
		return nil, stream(ctx, h, rq, lines(form, personMembers, shown, toWirePerson), open)
	}
	walk, err := h.begin(ctx, p.listParams, p.question())
	if err != nil {
		return nil, err
	}
	var after *workforce.ListPosition
	if walk.begun {
		after = &walk.at
	}
	page, err := h.directory.People(ctx, p.query(), after, int(p.limit), p.wantsFacets())
	if err != nil {
		return nil, fmt.Errorf("listing people: %w", err)
	}
	out := PeoplePage{
		Data:     each(page.Records, func(s directory.PersonSummary) PersonSummary { return toWirePerson(s, shown) }),
		Position: walk.positionOf(page.Position),
		Facets:   toWirePeopleFacets(page.Facets),
	}
	out.Pagination.Total = page.Total
	if page.Next != nil {
		out.Pagination.Cursor = walk.next(page.Position, "", *page.Next)
	}
	return out, nil
}

func (h handlers) accounts(ctx context.Context, rq *rest.Request, p accountParams) (rest.Response, error) {
	form, err := p.form(rq)
	if err != nil {
		return nil, err
	}
	shown := selected(accountMembers, p.fields)
	if form != FormatJSON {
		open := func(ctx context.Context) (*records[directory.AccountSummary], error) {
			return recordsOf(h.directory.StreamAccounts(ctx, p.query()))
		}
		return nil, stream(ctx, h, rq, lines(form, accountMembers, shown, toWireAccount), open)
	}
	walk, err := h.begin(ctx, p.listParams, p.question())
	if err != nil {
		return nil, err
	}
	var after *directory.AccountPosition
	if walk.begun {
		after = &directory.AccountPosition{Kind: walk.kind.domain(), ListPosition: walk.at}
	}
	page, err := h.directory.Accounts(ctx, p.query(), after, int(p.limit), p.wantsFacets())
	if err != nil {
		return nil, fmt.Errorf("listing accounts: %w", err)
	}
	out := AccountsPage{
		Data:     each(page.Records, func(s directory.AccountSummary) AccountSummary { return toWireAccount(s, shown) }),
		Position: walk.positionOf(page.Position),
		Facets:   toWireAccountFacets(page.Facets),
	}
	out.Pagination.Total = page.Total
	if page.Next != nil {
		out.Pagination.Cursor = walk.next(page.Position, kindOf(page.Next.Kind), page.Next.ListPosition)
	}
	return out, nil
}

// walk is a client's way through the pages of a list.
type walk struct {
	cursor
	secret []byte
	begun  bool
}

// begin reads the cursor of a request, if it has one.
func (h handlers) begin(ctx context.Context, p listParams, q question) (walk, error) {
	secret, err := h.directory.CursorSecret(ctx)
	if err != nil {
		return walk{}, fmt.Errorf("reading the secret of cursors: %w", err)
	}
	w := walk{secret: secret, cursor: cursor{question: q.digests()}}
	if p.cursor == "" {
		return w, nil
	}
	w.begun = true
	if w.cursor, err = unseal(secret, p.cursor); err != nil {
		return w, err
	}
	return w, w.resume(q)
}

// positionOf is the position to tell: that of the first page, because what
// changed since then may be on a page that was read before it changed.
func (w walk) positionOf(page int64) int64 {
	if w.begun {
		return w.position
	}
	return page
}

// next is the cursor of the page after this one.
func (w walk) next(page int64, kind Kind, at workforce.ListPosition) *string {
	c := cursor{position: w.positionOf(page), kind: kind, at: at, question: w.question}
	text := c.seal(w.secret)
	return &text
}
