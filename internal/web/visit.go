package web

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"github.com/passmuster/passmuster/internal/auth"
	"github.com/passmuster/passmuster/internal/rest"
	"github.com/passmuster/passmuster/internal/workforce"
)

// page makes the handler of a page that needs a session. The order of refusal
// is that of the API: too many requests, no valid session (which leads to the
// sign-in form), the plan, the terms, and then whatever the page says, scopes
// included.
func (s *site) page(show func(ctx context.Context, r *http.Request, c workforce.Company) (view, error)) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		protect(w.Header())
		ctx, company, err := s.visitor(w, r)
		if workforce.IsKind(err, workforce.KindUnauthenticated) {
			http.Redirect(w, r, pathSession+"?to="+url.QueryEscape(r.URL.RequestURI()), http.StatusSeeOther)
			return
		}
		if err != nil {
			s.refuse(w, r, company, err)
			return
		}
		v, err := show(ctx, r, *company)
		if err == nil {
			err = s.write(w, v, company)
		}
		if err != nil {
			s.refuse(w, r, company, err)
		}
	})
}

// open makes the handler of a page that anybody may ask for. Forms of other
// sites are turned away.
func (s *site) open(serve func(w http.ResponseWriter, r *http.Request) error) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		protect(w.Header())
		err := s.limit(w.Header(), s.Requests, r)
		if err == nil && s.origins.Check(r) != nil {
			err = errOtherSite
		}
		if err == nil {
			err = serve(w, r)
		}
		if err != nil {
			s.refuse(w, r, nil, err)
		}
	})
}

// visitor gives the context with the principal in it, and the company as soon
// as the visitor is known, also beside an error.
func (s *site) visitor(w http.ResponseWriter, r *http.Request) (context.Context, *workforce.Company, error) {
	if err := s.limit(w.Header(), s.Requests, r); err != nil {
		return nil, nil, err
	}
	principal, company, err := s.resume(w, r)
	if err != nil {
		return nil, nil, err
	}
	rest.SetActor(r.Context(), principal.Actor)
	if err := auth.Admits(company, workforce.FeatureCore); err != nil {
		return nil, &company, err
	}
	return auth.With(r.Context(), principal), &company, nil
}

// limit counts the request against a limiter, and says in the header when to
// come again if there were too many.
func (s *site) limit(h http.Header, l *rest.Limiter, r *http.Request) error {
	wait, err := l.Admit(rest.SourceAddr(r.Context()))
	if err != nil {
		h.Set("Retry-After", strconv.Itoa(int((wait+time.Second-1)/time.Second)))
	}
	return err
}

// errOtherSite is the refusal of a form that another site sent.
var errOtherSite = errors.New("the form was sent by another site")

// refusalView is a page that says why there is nothing to see.
type refusalView struct {
	Title     string
	Messages  []string
	RequestID string // of our own faults: what to look for in the log
	Back      bool   // the list of people is a way out
}

// refusalTitles head the pages of refusals by status.
var refusalTitles = map[int]string{
	http.StatusBadRequest:            "This request cannot be read",
	http.StatusPaymentRequired:       "The plan does not include this",
	http.StatusForbidden:             "This key may not see this",
	http.StatusNotFound:              "Nothing here",
	http.StatusPreconditionFailed:    "The terms are not accepted",
	http.StatusRequestEntityTooLarge: "This is too large",
	http.StatusTooManyRequests:       "Too many requests",
	http.StatusInternalServerError:   "Something went wrong here",
	http.StatusServiceUnavailable:    "The file cannot be read at the moment",
}

// refuse answers an error with a page: a fault with its message, anything else
// as our own mistake, which is logged without anything of the request but its
// id and the route. That the visitor went away is nobody's mistake.
func (s *site) refuse(w http.ResponseWriter, r *http.Request, company *workforce.Company, err error) {
	v := s.refusal(r, err)
	body := v.body.(refusalView)
	body.Back = company != nil && (r.URL.Path != pathPeople || r.URL.RawQuery != "")
	v.body = body
	if err := s.write(w, v, company); err != nil {
		s.logFault(r, err)
		http.Error(w, body.Title, v.status)
	}
}

func (s *site) refusal(r *http.Request, err error) view {
	status, body := http.StatusInternalServerError, refusalView{}
	fault, isFault := errors.AsType[*workforce.Fault](err)
	switch {
	case errors.Is(err, errOtherSite):
		status = http.StatusForbidden
		body.Title = "This form came from another site"
		body.Messages = []string{"Nothing was done. Open the page itself and send its form again."}
	case isFault && fault.Kind() != workforce.KindInternal:
		status = rest.AnswerOf(fault.Reason).Status
		body.Title = refusalTitles[status]
		body.Messages = messages(err, fault)
	default:
		s.logFault(r, err)
		body.Title = refusalTitles[status]
		body.Messages = []string{"This is our mistake, not yours. Try again; if it happens again, tell whoever runs this server."}
		body.RequestID = rest.RequestID(r.Context())
	}
	return view{template: "refusal", title: body.Title, status: status, body: body}
}

// messages is everything that is wrong at once, where several things are.
func messages(err error, first *workforce.Fault) []string {
	all, ok := errors.AsType[badParams](err)
	if !ok {
		return []string{first.Message}
	}
	out := make([]string, len(all))
	for i, f := range all {
		out[i] = f.Message
	}
	return out
}

func (s *site) logFault(r *http.Request, err error) {
	if r.Context().Err() != nil && errors.Is(err, context.Canceled) {
		return
	}
	s.Log.LogAttrs(r.Context(), slog.LevelError, "page failed",
		slog.Any("error", err), slog.String("request_id", rest.RequestID(r.Context())))
}
