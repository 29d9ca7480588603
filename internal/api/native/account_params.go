package native

import (
	"slices"

	"github.com/passmuster/passmuster/internal/rest"
	"github.com/passmuster/passmuster/internal/workforce"
)

// accountClientTypes is every product of either kind.
var accountClientTypes = slices.Concat(workforce.AllInfrastructureClientTypes, workforce.AllVersionControlClientTypes)

// accountSorts is every sort of either kind. Accounts of a kind that has no
// such key stay in the order of their ids.
var accountSorts = union([]workforce.AccountSort{workforce.SortCreated}, workforce.AllInfrastructureSorts, workforce.AllVersionControlSorts)

func union[S comparable](lists ...[]S) []S {
	var out []S
	for _, s := range slices.Concat(lists...) {
		if !slices.Contains(out, s) {
			out = append(out, s)
		}
	}
	return out
}

// accountParams is the parameters of the list of accounts; what is empty was
// not given.
type accountParams struct {
	listParams

	kind         Kind
	text         string
	clientType   workforce.ClientType
	connection   *workforce.ConnectionID
	user         *workforce.UserID
	changedSince int64
	sort         workforce.AccountSort
	dir          workforce.SortDir
}

func bindAccounts(b *rest.Binder) accountParams {
	return accountParams{
		kind:         rest.Enum(b, "kind", AllKinds),
		text:         workforce.Fold(b.Text("q")),
		clientType:   rest.Enum(b, "clientType", accountClientTypes),
		connection:   rest.OptionalInt[workforce.ConnectionID](b, "connectionId"),
		user:         rest.OptionalInt[workforce.UserID](b, "userId"),
		changedSince: b.Int("changedSince", rest.Min(0)),
		sort:         rest.Enum(b, "sort", accountSorts, rest.DefaultText(workforce.AccountSort(workforce.SortCreated))),
		dir:          rest.Enum(b, "sortDir", workforce.AllSortDirs, rest.DefaultText(workforce.Ascending), rest.CaseFold()),
		listParams:   bindList(b, namesOf(accountMembers)),
	}
}

// query is the parameters in the terms of the domain.
func (p accountParams) query() workforce.AccountQuery {
	return workforce.AccountQuery{
		Kind: p.kind.domain(), Text: p.text, ClientType: given(p.clientType), ConnectionID: p.connection, UserID: p.user,
		ChangedSince: p.changedSince, Sort: p.sort, Dir: p.dir,
	}
}

// question is what the pages of one list have in common.
func (p accountParams) question() question {
	return question{
		askText("kind", p.kind),
		askText("q", p.text),
		askText("clientType", p.clientType),
		askInt("connectionId", p.connection),
		askInt("userId", p.user),
		askInt("changedSince", &p.changedSince),
		askText("sort", p.sort),
		askText("sortDir", p.dir),
	}
}
