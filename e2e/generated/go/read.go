package main

import (
	"context"
	"fmt"

	"github.com/passmuster/passmuster/e2e/generated/go/wire"
)

// limit is the longest page that the lists give.
const limit = 50

// pages reads a list that is paged by number to its end, as clients do: until a
// page is short. The list has to give each record once and to know how many
// there are.
func pages[T any](id func(*T) int64, page func(number int64) (data []T, total int64, err error)) ([]T, error) {
	var all []T
	met := map[int64]bool{}
	for number := int64(1); ; number++ {
		data, total, err := page(number)
		if err != nil {
			return nil, fmt.Errorf("page %d: %w", number, err)
		}
		for i := range data {
			if met[id(&data[i])] {
				return nil, fmt.Errorf("page %d: record %d for the second time", number, id(&data[i]))
			}
			met[id(&data[i])] = true
		}
		all = append(all, data...)
		if len(data) < limit {
			return all, expect(len(all) > limit && int64(len(all)) == total,
				"%d records collected, and total is %d", len(all), total)
		}
	}
}

// read reads every list to its end and every record by every way to it.
func (w *walk) read(ctx context.Context) error {
	people, err := w.readPersonnel(ctx)
	if err != nil {
		return fmt.Errorf("list personnel: %w", err)
	}
	for i := range people {
		if err := w.readPerson(ctx, &people[i]); err != nil {
			return fmt.Errorf("personnel %d: %w", people[i].ID, err)
		}
	}
	if err := w.readFiltered(ctx); err != nil {
		return fmt.Errorf("list personnel by status: %w", err)
	}
	if err := w.readAccounts(ctx); err != nil {
		return err
	}
	if err := w.readUsers(ctx); err != nil {
		return fmt.Errorf("list users: %w", err)
	}
	if err := w.readUsersByNumber(ctx); err != nil {
		return err
	}
	if err := w.readDevices(ctx); err != nil {
		return err
	}
	return w.readNative(ctx)
}

func (w *walk) readPersonnel(ctx context.Context) ([]wire.PersonnelListItem, error) {
	return pages(
		func(p *wire.PersonnelListItem) int64 { return p.ID },
		func(number int64) ([]wire.PersonnelListItem, int64, error) {
			list, err := as[wire.PersonnelListHeaders](w.client.ListPersonnel(ctx, wire.ListPersonnelParams{
				Page: wire.NewOptInt64(number), Limit: wire.NewOptInt64(limit),
			}))
			if err != nil {
				return nil, 0, err
			}
			return list.Response.Data, list.Response.Total, nil
		})
}

// readPerson reads a record and its user by id and by e-mail, in both versions.
func (w *walk) readPerson(ctx context.Context, p *wire.PersonnelListItem) error {
	byID, err := as[personnelAnswer](w.client.GetPersonnel(ctx, wire.GetPersonnelParams{ID: p.ID}))
	if err != nil {
		return fmt.Errorf("by id: %w", err)
	}
	byEmail, err := as[personnelAnswer](
		w.client.GetPersonnelByEmail(ctx, wire.GetPersonnelByEmailParams{Email: p.User.Email}))
	if err != nil {
		return fmt.Errorf("by e-mail: %w", err)
	}
	user, err := as[wire.UserHeaders](w.client.GetUser(ctx, wire.GetUserParams{ID: p.User.ID}))
	if err != nil {
		return fmt.Errorf("user: %w", err)
	}
	v2, err := as[wire.UserV2Headers](w.client.GetUserV2(ctx, wire.GetUserV2Params{
		UserId: wire.NewInt64GetUserV2UserId(p.User.ID), Expand: wire.GetUserV2ExpandItem("").AllValues(),
	}))
	if err != nil {
		return fmt.Errorf("user, second version: %w", err)
	}
	v2ByEmail, err := as[wire.UserV2Headers](w.client.GetUserV2(ctx, wire.GetUserV2Params{
		UserId: wire.NewStringGetUserV2UserId("email:" + p.User.Email),
	}))
	if err != nil {
		return fmt.Errorf("user by e-mail, second version: %w", err)
	}
	expanded := v2.Response
	return expect(
		byID.Response.ID == p.ID && byEmail.Response.ID == p.ID &&
			user.Response.ID == p.User.ID && expanded.ID == p.User.ID && v2ByEmail.Response.ID == p.User.ID &&
			expanded.Roles != nil && expanded.Identities != nil && v2ByEmail.Response.Roles == nil &&
			expanded.Personnel.Set && expanded.Personnel.Value.ID == p.ID && !v2ByEmail.Response.Personnel.Set,
		"the ways to this record lead to different ones")
}

func (w *walk) readFiltered(ctx context.Context) error {
	list, err := as[wire.PersonnelListHeaders](w.client.ListPersonnel(ctx, wire.ListPersonnelParams{
		EmploymentStatuses: []wire.ListPersonnelEmploymentStatusesItem{
			wire.ListPersonnelEmploymentStatusesItemCURRENTCONTRACTOR,
			wire.ListPersonnelEmploymentStatusesItemFORMEREMPLOYEE,
		},
		Sort:    wire.NewOptListPersonnelSort(wire.ListPersonnelSortSTARTDATE),
		SortDir: wire.NewOptListPersonnelSortDir(wire.ListPersonnelSortDirDESC),
		Limit:   wire.NewOptInt64(limit),
	}))
	if err != nil {
		return err
	}
	met := map[wire.EmploymentStatus]bool{}
	for _, p := range list.Response.Data {
		met[p.EmploymentStatus] = true
	}
	return expect(
		len(met) == 2 && met[wire.EmploymentStatusCURRENTCONTRACTOR] && met[wire.EmploymentStatusFORMEREMPLOYEE],
		"asked for current contractors and former employees, got %v", met)
}

func (w *walk) readAccounts(ctx context.Context) error {
	_, err := pages(
		func(a *wire.InfrastructureAccount) int64 { return a.ID },
		func(number int64) ([]wire.InfrastructureAccount, int64, error) {
			list, err := as[wire.InfrastructureAccountListHeaders](w.client.ListInfrastructureIdentities(ctx,
				wire.ListInfrastructureIdentitiesParams{Page: wire.NewOptInt64(number), Limit: wire.NewOptInt64(limit)}))
			if err != nil {
				return nil, 0, err
			}
			return list.Response.Data, list.Response.Total, nil
		})
	if err != nil {
		return fmt.Errorf("list infrastructure accounts: %w", err)
	}
	_, err = pages(
		func(a *wire.VersionControlAccount) int64 { return a.ID },
		func(number int64) ([]wire.VersionControlAccount, int64, error) {
			list, err := as[wire.VersionControlAccountListHeaders](w.client.ListVersionControlIdentities(ctx,
				wire.ListVersionControlIdentitiesParams{Page: wire.NewOptInt64(number), Limit: wire.NewOptInt64(limit)}))
			if err != nil {
				return nil, 0, err
			}
			return list.Response.Data, list.Response.Total, nil
		})
	if err != nil {
		return fmt.Errorf("list version-control accounts: %w", err)
	}
	return nil
}

// readUsers follows the cursor to its end, with everything expanded.
func (w *walk) readUsers(ctx context.Context) error {
	params := wire.ListUsersV2Params{
		Size: wire.NewOptInt64(limit), IncludeTotalCount: wire.NewOptBool(true),
		Expand: wire.ListUsersV2ExpandItem("").AllValues(),
	}
	met, total := map[int64]bool{}, int64(0)
	for {
		list, err := as[wire.UserListV2Headers](w.client.ListUsersV2(ctx, params))
		if err != nil {
			return err
		}
		page := list.Response
		if count, ok := page.Pagination.TotalCount.Get(); ok {
			total = count
		}
		for _, u := range page.Data {
			if met[u.ID] {
				return fmt.Errorf("user %d for the second time", u.ID)
			}
			met[u.ID] = true
		}
		if page.Pagination.Cursor.Null {
			break
		}
		params.Cursor = wire.NewOptString(page.Pagination.Cursor.Value)
	}
	return expect(len(met) > limit && int64(len(met)) == total, "%d users collected, and totalCount is %d", len(met), total)
}
