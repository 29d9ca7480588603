package main

import (
	"context"
	"fmt"
	"time"

	"github.com/passmuster/passmuster/e2e/generated/go/wire"
)

// personnelAnswer is one personnel record.
type personnelAnswer = wire.PersonnelHeaders

// resetAnswer is one with how many were reset. The generator names it after the
// first of the operations that answer with it.
type resetAnswer = wire.ResetAllPersonnelSyncOKHeaders

// record is the record that the reference's samples speak of.
const record = 1

// sampleDay is the day in the reference's samples.
var sampleDay = time.Date(2020, time.July, 6, 0, 0, 0, 0, time.UTC)

// changePersonnel sends the samples of the reference for personnel.
func (w *walk) changePersonnel(ctx context.Context) error {
	if err := w.setDates(ctx); err != nil {
		return fmt.Errorf("contract dates: %w", err)
	}
	if err := w.setStatus(ctx); err != nil {
		return fmt.Errorf("status: %w", err)
	}
	if err := w.resetSync(ctx); err != nil {
		return fmt.Errorf("reset sync: %w", err)
	}
	return nil
}

func (w *walk) setDates(ctx context.Context) error {
	params := wire.SetPersonnelContractDatesParams{ID: record}
	set, err := as[personnelAnswer](w.client.SetPersonnelContractDates(ctx,
		&wire.SetPersonnelContractDatesRequest{
			StartDate: sampleDay, SeparationDate: wire.NewOptNilDate(sampleDay),
		}, params))
	if err != nil {
		return err
	}
	p := set.Response
	if err := expect(p.ID == record && p.StartDate.Value.Equal(sampleDay) && p.SeparationDate.Value.Equal(sampleDay),
		"set both to %s, got %v and %v", sampleDay, p.StartDate, p.SeparationDate); err != nil {
		return err
	}
	// null clears the date, and leaving the member out would keep it.
	var null wire.OptNilDate
	null.SetToNull()
	cleared, err := as[personnelAnswer](w.client.SetPersonnelContractDates(ctx,
		&wire.SetPersonnelContractDatesRequest{StartDate: sampleDay, SeparationDate: null}, params))
	if err != nil {
		return err
	}
	return expect(cleared.Response.SeparationDate.Null, "cleared the last day, got %v", cleared.Response.SeparationDate)
}

func (w *walk) setStatus(ctx context.Context) error {
	set, err := as[personnelAnswer](w.client.SetPersonnelStatus(ctx,
		&wire.SetPersonnelStatusRequest{
			EmploymentStatus: wire.SetPersonnelStatusRequestEmploymentStatusCURRENTEMPLOYEE,
			NotHumanReason: wire.NewOptNilString(
				"The mailbox of a team, not a person"),
			SeparationDate: wire.NewOptNilDate(sampleDay),
		}, wire.SetPersonnelStatusParams{ID: record}))
	if err != nil {
		return err
	}
	p := set.Response
	return expect(
		p.EmploymentStatus == wire.EmploymentStatusCURRENTEMPLOYEE && p.NotHumanReason.Null && !p.StatusUpdatedAt.Null,
		"set to a current employee, got %s, not human %v, set at %v", p.EmploymentStatus, p.NotHumanReason, p.StatusUpdatedAt)
}

func (w *walk) resetSync(ctx context.Context) error {
	one, err := as[resetAnswer](w.client.ResetPersonnelSync(ctx,
		wire.ResetPersonnelSyncParams{PersonnelId: record}))
	if err != nil {
		return fmt.Errorf("one: %w", err)
	}
	some, err := as[resetAnswer](w.client.ResetSomePersonnelSync(ctx,
		&wire.ResetSomePersonnelSyncRequest{PersonnelIds: []int64{1, 2, 3}}))
	if err != nil {
		return fmt.Errorf("some: %w", err)
	}
	all, err := as[resetAnswer](w.client.ResetAllPersonnelSync(ctx))
	if err != nil {
		return fmt.Errorf("all: %w", err)
	}
	return expect(
		one.Response.ID == record && one.XPersonnelAffected == 1 && one.Response.StatusUpdatedAt.Null &&
			some.Response.ID == record && some.XPersonnelAffected == 3 && all.XPersonnelAffected > 3,
		"one answered for record %d and %d affected, some for %d affected, all for %d",
		one.Response.ID, one.XPersonnelAffected, some.XPersonnelAffected, all.XPersonnelAffected)
}
