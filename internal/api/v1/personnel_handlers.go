package v1

import (
	"context"
	"fmt"
	"strconv"

	"github.com/passmuster/passmuster/internal/directory"
	"github.com/passmuster/passmuster/internal/rest"
	"github.com/passmuster/passmuster/internal/workforce"
)

func (h handlers) personnelList(ctx context.Context, _ *rest.Request, p personnelListParams) (rest.Response, error) {
	items, err := h.directory.PersonnelItems(ctx, p.query(), PersonnelListItemSections)
	if err != nil {
		return nil, fmt.Errorf("listing personnel: %w", err)
	}
	return splicedPage{items: items, page: p.page, personnel: true}, nil
}

func (h handlers) personnelByID(ctx context.Context, _ *rest.Request, id workforce.PersonnelID) (rest.Response, error) {
	d, err := h.directory.PersonnelDocument(ctx, id, PersonnelSections)
	if err != nil {
		return nil, fmt.Errorf("getting personnel %d: %w", id, err)
	}
	return spliced{d}, nil
}

func (h handlers) personnelByEmail(ctx context.Context, _ *rest.Request, segment string) (rest.Response, error) {
	email, err := pathEmail(segment)
	if err != nil {
		return nil, err
	}
	d, err := h.directory.PersonnelDocumentByEmail(ctx, email, PersonnelSections)
	if err != nil {
		return nil, fmt.Errorf("getting personnel by e-mail: %w", err) // the address stays out of the log
	}
	return spliced{d}, nil
}

func (h handlers) setContractDates(ctx context.Context, _ *rest.Request, p contractDatesParams) (rest.Response, error) {
	r, err := h.directory.SetContractDates(ctx, p.id, p.dates())
	if err != nil {
		return nil, fmt.Errorf("setting the contract dates of personnel %d: %w", p.id, err)
	}
	return toWirePersonnel(r), nil
}

func (h handlers) setStatus(ctx context.Context, _ *rest.Request, p statusParams) (rest.Response, error) {
	change, err := p.change()
	if err != nil {
		return nil, err
	}
	r, err := h.directory.SetStatus(ctx, p.id, change)
	if err != nil {
		return nil, fmt.Errorf("setting the status of personnel %d: %w", p.id, err)
	}
	return toWirePersonnel(r), nil
}

func (h handlers) resetSync(ctx context.Context, rq *rest.Request, ids []workforce.PersonnelID) (rest.Response, error) {
	res, err := h.directory.ResetSync(ctx, ids)
	if err != nil {
		return nil, fmt.Errorf("resetting the sync of %d personnel: %w", len(ids), err)
	}
	return resetAnswer(rq, res), nil
}

func (h handlers) resetSyncAll(ctx context.Context, rq *rest.Request, _ struct{}) (rest.Response, error) {
	res, err := h.directory.ResetSyncAll(ctx)
	if err != nil {
		return nil, fmt.Errorf("resetting the sync of all personnel: %w", err)
	}
	return resetAnswer(rq, res), nil
}

// HeaderAffected says how many personnel a reset touched. The body has room
// for one record only, also when many were meant.
const HeaderAffected = "X-Personnel-Affected"

func resetAnswer(rq *rest.Request, res directory.ResetResult) rest.Response {
	rq.SetHeader(HeaderAffected, strconv.FormatInt(res.Affected, 10))
	return toWirePersonnel(res.Record)
}
