package client

import (
	"context"
	"iter"
)

// Page is one page of a list by number.
type Page[T any] struct {
	Data   []T   `json:"data"`
	Number int64 `json:"page"`  // from 1
	Limit  int64 `json:"limit"` // the most records of a page
	Total  int64 `json:"total"` // of the filtered list, over all pages
}

func (p Page[T]) missing() string {
	if p.Data == nil {
		return "data"
	}
	return ""
}

// largestPage is what All asks for where the caller does not say: the most that
// the API gives, for the fewest requests.
const largestPage = 50

// eachByNumber gives the records from the page first on. It goes by what came
// and by the total, not by what was asked for: a server may give smaller pages.
func eachByNumber[T any](first int64, get func(number int64) (Page[T], error)) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		seen := int64(-1)
		for number := max(first, 1); ; number++ {
			page, err := get(number)
			if err != nil {
				var none T
				yield(none, err)
				return
			}
			if seen < 0 {
				seen = (number - 1) * page.Limit
			}
			for _, record := range page.Data {
				if !yield(record, nil) {
					return
				}
			}
			if seen += int64(len(page.Data)); len(page.Data) == 0 || seen >= page.Total {
				return
			}
		}
	}
}

// listByNumber asks for one page.
func listByNumber[T any](ctx context.Context, w *wire, pattern string, q query) (Page[T], error) {
	page, _, err := call[Page[T]](ctx, w, operation{method: methodGet, pattern: pattern, query: q.values})
	return page, err
}
