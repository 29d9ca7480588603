package main

import (
	"context"
	"fmt"

	"github.com/passmuster/passmuster/e2e/generated/go/wire"
)

// nobody is a number that no record has.
const nobody = 999_999_999

// refused asks for what is refused. A refusal is a type of its own for every
// set of codes, so its code needs no check where there is only one.
func (w *walk) refused(ctx context.Context) error {
	unknown, err := as[wire.UnauthorizedHeaders](w.stranger.GetUser(ctx, wire.GetUserParams{ID: record}))
	if err != nil {
		return fmt.Errorf("a key that nobody made: %w", err)
	}
	if err := expect(unknown.Response.Code == wire.UnauthorizedErrorCode12310 && unknown.XRequestID != "",
		"a key that nobody made: code %d", unknown.Response.Code); err != nil {
		return err
	}
	if _, err := as[wire.UserNotFoundHeaders](w.client.GetUser(ctx, wire.GetUserParams{ID: nobody})); err != nil {
		return fmt.Errorf("a user that is not there: %w", err)
	}
	cursor, err := as[wire.BadRequestV2Headers](w.client.ListUsersV2(ctx,
		wire.ListUsersV2Params{Cursor: wire.NewOptString("not a cursor")}))
	if err != nil {
		return fmt.Errorf("a cursor that we never gave: %w", err)
	}
	if err := expect(cursor.Response.Name != "" && cursor.Response.Message != "",
		"a cursor that we never gave: %+v", cursor.Response); err != nil {
		return err
	}
	if _, err := as[wire.BadRequestOrServiceAccountLinkHeaders](w.client.ConnectInfrastructureIdentity(ctx,
		&wire.ConnectInfrastructureIdentityRequest{UserId: wire.NewNilInt64(record)},
		wire.ConnectInfrastructureIdentityParams{ID: record})); err != nil {
		return fmt.Errorf("link a service account: %w", err)
	}
	if _, err := as[wire.SeparationBeforeStartOrSeparationInFutureHeaders](w.client.SetPersonnelContractDates(ctx,
		&wire.SetPersonnelContractDatesRequest{
			StartDate: sampleDay, SeparationDate: wire.NewOptNilDate(sampleDay.AddDate(0, 0, -1)),
		}, wire.SetPersonnelContractDatesParams{ID: record})); err != nil {
		return fmt.Errorf("a last day before the first: %w", err)
	}
	return nil
}
