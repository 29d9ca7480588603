package v1

import (
	"net/url"
	"slices"

	"github.com/passmuster/passmuster/internal/compliance"
	"github.com/passmuster/passmuster/internal/rest"
	"github.com/passmuster/passmuster/internal/workforce"
)

func bindUser(b *rest.Binder) workforce.UserID {
	return workforce.UserID(b.PathInt("id"))
}

func bindUserEmail(b *rest.Binder) string { return b.PathText("email") }

// filterRoles are the roles that the published reference lists for filters. It
// leaves one out that users have.
var filterRoles = slices.DeleteFunc(slices.Clone(workforce.AllRoles), func(r workforce.Role) bool { return r == "TRUST_USER" })

func bindUserList(b *rest.Binder) workforce.UserSearch {
	return workforce.UserSearch{
		Page:     bindPage(b),
		Text:     workforce.Fold(b.Text("q")),
		Roles:    rest.Enums(b, "roles[]", filterRoles),
		NotIDs:   rest.Ints[workforce.UserID](b, "excludeUserIds[]"),
		NotRoles: rest.Enums(b, "excludeRoles[]", filterRoles),
		IDs:      rest.Ints[workforce.UserID](b, "includeUserIds[]"),
	}
}

func bindUserDocuments(b *rest.Binder) workforce.DocumentQuery {
	q := workforce.DocumentQuery{UserID: bindUser(b)}
	page := bindPage(b)
	q.Offset, q.Limit = page.Offset(), page.Limit
	q.Q = b.Text("q")
	if t := rest.Enum(b, "type", workforce.AllDocumentTypes); t != "" {
		q.Type = &t
	}
	return q
}

func bindNewUserDocument(b *rest.Binder) compliance.NewUserDocument {
	n := compliance.NewUserDocument{UserID: bindUser(b)}
	body := uploadBody(b)
	n.Type = rest.BodyEnum(body, "type", workforce.AllUploadTypes, rest.Required())
	n.Upload = bindUpload(body)
	if d := body.Date("completionDate"); d != "" {
		n.CompletedOn = &d
	}
	return n
}

func bindDocument(b *rest.Binder) int64 { return b.PathInt("id") }

type deleteDocumentParams struct {
	id   int64
	user workforce.UserID
}

func bindDeleteDocument(b *rest.Binder) deleteDocumentParams {
	p := deleteDocumentParams{id: b.PathInt("docId"), user: workforce.UserID(b.PathInt("userId"))}
	b.NoBody()
	return p
}

func bindBackgroundCheck(b *rest.Binder) compliance.ManualBackgroundCheck {
	n := compliance.ManualBackgroundCheck{UserID: workforce.UserID(b.PathInt("userId"))}
	body := b.Body()
	n.URL = body.Text("url", rest.Required(), rest.MaxLength(768))
	n.FiledOn = body.Date("filedAt", rest.Required())
	return n
}

// checkURL refuses what is no address of a page.
func checkURL(field, text string) error {
	u, err := url.Parse(text)
	if err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Host == "" {
		return workforce.RefuseField(field, "%s must be an address like https://example.com/report", field)
	}
	return nil
}
