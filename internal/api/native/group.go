package native

import (
	"context"
	"fmt"
	"net/http"

	"github.com/passmuster/passmuster/internal/rest"
	"github.com/passmuster/passmuster/internal/workforce"
)

// GroupRecord is a group of people.
type GroupRecord struct {
	ID        int64  `json:"id"`
	Name      string `json:"name"`
	CreatedAt Time   `json:"createdAt"`
	UpdatedAt Time   `json:"updatedAt"`
}

// AppendJSON implements [rest.Response].
func (g GroupRecord) AppendJSON(b []byte) []byte {
	o := rest.NewObject(b)
	o.Int("id", g.ID)
	o.String("name", g.Name)
	putTimeOrNull(&o, "createdAt", &g.CreatedAt)
	putTimeOrNull(&o, "updatedAt", &g.UpdatedAt)
	return o.End()
}

func toWireGroup(g workforce.Group) GroupRecord {
	return GroupRecord{int64(g.ID), g.Name, Time(g.CreatedAt), Time(g.UpdatedAt)}
}

// MembersPage is a page of the members of a group.
type MembersPage struct {
	Data       []int64           `json:"data"` // numbers of personnel records
	Pagination MembersPagination `json:"pagination"`
}

// AppendJSON implements [rest.Response].
func (p MembersPage) AppendJSON(b []byte) []byte {
	o := rest.NewObject(b)
	putInts(&o, "data", p.Data)
	o.Value("pagination", p.Pagination)
	return o.End()
}

// MembersPagination says how to go on.
type MembersPagination struct {
	Cursor *string `json:"cursor"` // nil on the last page
}

// AppendJSON implements [rest.Response].
func (p MembersPagination) AppendJSON(b []byte) []byte {
	o := rest.NewObject(b)
	o.StringOrNull("cursor", p.Cursor)
	return o.End()
}

// groupParams is a group and what is said of it.
type groupParams struct {
	id   workforce.GroupID
	name string
}

func bindGroupID(b *rest.Binder) workforce.GroupID {
	return workforce.GroupID(b.PathInt("id", rest.Min(1)))
}

func bindNewGroup(b *rest.Binder) groupParams {
	return groupParams{name: b.ClosedBody().Text("name", rest.Required(), rest.MaxLength(nameMost))}
}

func bindChangedGroup(b *rest.Binder) groupParams {
	id := bindGroupID(b)
	p := bindNewGroup(b)
	p.id = id
	return p
}

func bindDeletedGroup(b *rest.Binder) workforce.GroupID {
	id := bindGroupID(b)
	b.NoBody()
	return id
}

// membersParams is a page of the members of a group.
type membersParams struct {
	id     workforce.GroupID
	limit  int64
	cursor string
}

func bindMembers(b *rest.Binder) membersParams {
	return membersParams{
		id:     bindGroupID(b),
		limit:  b.Int("limit", rest.Min(1), rest.Max(limitMost), rest.Default(limitDefault)),
		cursor: b.Text("cursor", rest.MaxLength(cursorMost)),
	}
}

// question is what the pages of one list of members have in common.
func (p membersParams) question() question { return question{askInt("id", &p.id)} }

// membersChange is who is to be in a group, and who no longer.
type membersChange struct {
	id          workforce.GroupID
	add, remove []workforce.PersonnelID
}

func bindMembersChange(b *rest.Binder) membersChange {
	p := membersChange{id: bindGroupID(b)}
	o := b.ClosedBody()
	p.add = rest.BodyInts[workforce.PersonnelID](o, "add", rest.Min(1))
	p.remove = rest.BodyInts[workforce.PersonnelID](o, "remove", rest.Min(1))
	return p
}

func (h handlers) groups(ctx context.Context, _ *rest.Request, _ struct{}) (rest.Response, error) {
	all, err := h.compliance.Groups(ctx)
	if err != nil {
		return nil, fmt.Errorf("listing groups: %w", err)
	}
	return dataOf(all, toWireGroup), nil
}

func (h handlers) createGroup(ctx context.Context, rq *rest.Request, p groupParams) (rest.Response, error) {
	g, err := h.compliance.CreateGroup(ctx, p.name)
	if err != nil {
		return nil, fmt.Errorf("adding a group: %w", err)
	}
	rq.SetStatus(http.StatusCreated)
	return toWireGroup(g), nil
}

func (h handlers) renameGroup(ctx context.Context, _ *rest.Request, p groupParams) (rest.Response, error) {
	g, err := h.compliance.RenameGroup(ctx, p.id, p.name)
	if err != nil {
		return nil, fmt.Errorf("renaming a group: %w", err)
	}
	return toWireGroup(g), nil
}

func (h handlers) deleteGroup(ctx context.Context, _ *rest.Request, id workforce.GroupID) (rest.Response, error) {
	if err := h.compliance.DeleteGroup(ctx, id); err != nil {
		return nil, fmt.Errorf("removing a group: %w", err)
	}
	return nil, nil
}

// members gives a page. One more is read than is shown, to tell whether there
// is a next page.
func (h handlers) members(ctx context.Context, _ *rest.Request, p membersParams) (rest.Response, error) {
	walk, err := h.begin(ctx, listParams{cursor: p.cursor}, p.question())
	if err != nil {
		return nil, err
	}
	members, err := h.compliance.Members(ctx, p.id, workforce.PersonnelID(walk.at.ID), int(p.limit)+1)
	if err != nil {
		return nil, fmt.Errorf("listing the members of a group: %w", err)
	}
	out := MembersPage{}
	if len(members) > int(p.limit) {
		members = members[:p.limit]
		out.Pagination.Cursor = walk.next(0, "", workforce.ListPosition{ID: int64(members[p.limit-1])})
	}
	out.Data = each(members, toInt[workforce.PersonnelID])
	return out, nil
}

func (h handlers) setMembers(ctx context.Context, _ *rest.Request, p membersChange) (rest.Response, error) {
	if err := h.compliance.SetMembers(ctx, p.id, p.add, p.remove); err != nil {
		return nil, fmt.Errorf("changing the members of a group: %w", err)
	}
	return nil, nil
}
