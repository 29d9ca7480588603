package client

import (
	"net/http"
	"net/url"
	"strconv"
)

const (
	methodGet    = http.MethodGet
	methodPut    = http.MethodPut
	methodPost   = http.MethodPost
	methodPatch  = http.MethodPatch
	methodDelete = http.MethodDelete
)

// query collects the parameters of a list. What is zero is not sent: the server's
// default holds then.
type query struct{ values url.Values }

func newQuery() query { return query{url.Values{}} }

func (q query) number(name string, n int64) {
	if n != 0 {
		q.values.Set(name, strconv.FormatInt(n, 10))
	}
}

func (q query) yes(name string, b *bool) {
	if b != nil {
		q.values.Set(name, strconv.FormatBool(*b))
	}
}

func put[S ~string](q query, name string, s S) {
	if s != "" {
		q.values.Set(name, string(s))
	}
}

func putAll[S ~string](q query, name string, all []S) {
	for _, s := range all {
		q.values.Add(name, string(s))
	}
}

func putNumbers[N ~int64](q query, name string, all []N) {
	for _, n := range all {
		q.values.Add(name, strconv.FormatInt(int64(n), 10))
	}
}
