package client

import (
	"context"
	"fmt"
	"iter"
)

// Page is one page of a list by number.
type Page[T any] struct {
	Data   []T   `json:"data"`
	Number int64 `json:"page"`  // from 1
	Limit  int64 `json:"limit"` // the most records of a page
	Total  int64 `json:"total"` // of the filtered list, over all pages
}

func (p Page[T]) missing() string { return dataIsMissing(p.Data) }

// dataIsMissing names the member that every page has.
func dataIsMissing[T any](data []T) string {
	if data == nil {
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

// eachByCursor gives the records from a cursor on, "" being the start. The name
// is that of the operation.
func eachByCursor[T any](name, cursor string, get func(cursor string) (records []T, next *string, err error)) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		for cursor := cursor; ; {
			records, next, err := get(cursor)
			if err == nil && next != nil && *next != "" && *next == cursor {
				err = fmt.Errorf("%s: the server gives the same cursor again, so that the list would never end", name)
			}
			if err != nil {
				var none T
				yield(none, err)
				return
			}
			for _, record := range records {
				if !yield(record, nil) {
					return
				}
			}
			if next == nil || *next == "" {
				return
			}
			cursor = *next
		}
	}
}

// listByNumber asks for one page.
func listByNumber[T any](ctx context.Context, w *wire, pattern string, q query) (Page[T], error) {
	page, _, err := call[Page[T]](ctx, w, operation{method: methodGet, pattern: pattern, query: q.values})
	return page, err
}
