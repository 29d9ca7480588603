package v1

import (
	"github.com/passmuster/passmuster/internal/rest"
	"github.com/passmuster/passmuster/internal/workforce"
)

// accountSorts is the sorts of the list of the kind.
func accountSorts(kind workforce.AccountKind) []workforce.AccountSort {
	if kind == workforce.Infrastructure {
		return workforce.AllInfrastructureSorts
	}
	return workforce.AllVersionControlSorts
}

// bindAccountList gives the bind function of the list of the kind.
func bindAccountList(kind workforce.AccountKind) func(*rest.Binder) workforce.AccountQuery {
	return func(b *rest.Binder) workforce.AccountQuery {
		q := workforce.AccountQuery{Kind: kind}
		q.Page = bindPage(b)
		q.Text = workforce.Fold(b.Text("q"))
		q.ClientType = given(rest.Enum(b, "clientType", kind.ClientTypes()))
		q.ConnectionID = rest.OptionalInt[workforce.ConnectionID](b, "connectionId")
		q.Sort = rest.Enum(b, "sort", accountSorts(kind), rest.DefaultText(workforce.AccountSort("USERNAME")))
		q.Dir = rest.Enum(b, "sortDir", workforce.AllSortDirs, rest.DefaultText(workforce.Ascending), rest.CaseFold())
		return q
	}
}

// given is a pointer to the value of an enumeration, nil if it was not given.
func given[S ~string](s S) *S {
	if s == "" {
		return nil
	}
	return &s
}

func bindAccountID(b *rest.Binder) workforce.AccountID {
	return workforce.AccountID(b.PathInt("id"))
}

type linkParams struct {
	id   workforce.AccountID
	user *workforce.UserID // nil unlinks
}

func bindLink(b *rest.Binder) linkParams {
	return linkParams{
		id:   bindAccountID(b),
		user: rest.IntOrNull[workforce.UserID](b.Body(), "userId", rest.Required()),
	}
}

type toggleParams struct {
	id   workforce.AccountID
	on   bool
	flag workforce.AccessFlag
}

// bindToggle gives the bind function for the accesses that accounts of the
// kind have. Which one is meant is not guessed, although the published
// reference lets it be left out.
func bindToggle(kind workforce.AccountKind) func(*rest.Binder) toggleParams {
	return func(b *rest.Binder) toggleParams {
		id := bindAccountID(b)
		body := b.Body()
		return toggleParams{
			id:   id,
			on:   body.RequiredBool("toggle"),
			flag: rest.BodyEnum(body, "toggleField", kind.Flags(), rest.Enforced()),
		}
	}
}

type serviceAccountParams struct {
	id     workforce.AccountID
	on     bool
	reason string
}

func bindServiceAccount(b *rest.Binder) serviceAccountParams {
	id := bindAccountID(b)
	body := b.Body()
	return serviceAccountParams{
		id:     id,
		on:     body.RequiredBool("serviceAccount"),
		reason: body.Text("serviceAccountReason", rest.Required(), rest.MaxLength(reasonMost)),
	}
}
