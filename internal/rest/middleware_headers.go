package rest

import "net/http"

// SecurityHeaders sets what an API answer needs so that a browser does nothing
// with it but show it. Pages override the Content-Security-Policy with one of
// their own.
func SecurityHeaders(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h["X-Content-Type-Options"] = nosniff
		h["Content-Security-Policy"] = nothingAllowed
		h["Referrer-Policy"] = noReferrer
		next.ServeHTTP(w, r)
	})
}

// Shared header values: read only. Set replaces a slice, it does not write
// into it.
var (
	nosniff        = []string{"nosniff"}
	nothingAllowed = []string{"default-src 'none'; frame-ancestors 'none'"}
	noReferrer     = []string{"no-referrer"}
)
