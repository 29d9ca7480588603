package rest

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"testing"
	"testing/synctest"
	"time"

	"github.com/passmuster/passmuster/internal/lane"
)

// stuck is a client that does not read: writing to it waits until it does.
type stuck struct {
	*httptest.ResponseRecorder
	reads chan struct{}
}

func (s stuck) Write(b []byte) (int, error) {
	<-s.reads
	return s.ResponseRecorder.Write(b)
}

// lined is a mux with a lane for one, of whose lists the first waits in work
// until it may go on.
type lined struct {
	mux   *Mux
	works chan struct{} // takes one for each list that is at work
	goOn  chan struct{}
}

func newLined(t *testing.T, waiting int) *lined {
	t.Helper()
	l := &lined{works: make(chan struct{}, 100), goOn: make(chan struct{})}
	list := func(ctx context.Context, _ *Request, _ struct{}) (Response, error) {
		if lane.From(ctx) == nil {
			return nil, errors.New("a list does not know its pass")
		}
		l.works <- struct{}{}
		<-l.goOn
		return answer{"list"}, nil
	}
	mux, err := NewMux(MuxConfig{
		Routes: []Route{
			Op(http.MethodGet, "/items", "listItems", "", NoParams, list),
			Op(http.MethodGet, "/items/{id}", "getItem", "", bindID, getItem),
			Op(http.MethodPut, "/items/{id}/status", "updateItem", "", bindItem, updateItem),
		},
		Gate: &fakeGate{}, Lane: lane.New(1, waiting),
	})
	if err != nil {
		t.Fatal(err)
	}
	l.mux = mux
	return l
}

func (l *lined) ask(ctx context.Context, w http.ResponseWriter, target string) {
	l.mux.ServeHTTP(w, httptest.NewRequestWithContext(ctx, http.MethodGet, target, nil))
}

// One list works at a time. What names a record passes by.
func TestListsWaitInLine(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		l := newLined(t, 10)
		for range 3 {
			go l.ask(t.Context(), httptest.NewRecorder(), "/items")
		}
		synctest.Wait()
		w := httptest.NewRecorder()
		l.ask(t.Context(), w, "/items/7")
		if w.Body.String() != `{"got":"7"}` {
			t.Errorf("beside the lane: %s", w.Body)
		}
		for i := range 3 {
			if n := len(l.works); n != i+1 {
				t.Errorf("%d lists are at work, or have been, want %d", n, i+1)
			}
			l.goOn <- struct{}{}
			synctest.Wait()
		}
	})
}

// A client that does not read holds up nobody.
func TestNobodyIsHeldUpByASlowClient(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		l := newLined(t, 10)
		slow := stuck{httptest.NewRecorder(), make(chan struct{})}
		go l.ask(t.Context(), slow, "/items")
		l.goOn <- struct{}{}
		synctest.Wait()
		next := httptest.NewRecorder()
		go func() { l.goOn <- struct{}{} }()
		l.ask(t.Context(), next, "/items")
		if next.Code != http.StatusOK || slow.Body.Len() > 0 {
			t.Errorf("the next one got %d %s", next.Code, next.Body)
		}
		close(slow.reads)
		synctest.Wait()
		if slow.Body.String() != `{"got":"list"}` {
			t.Errorf("the slow one got %s", slow.Body)
		}
	})
}

// Who finds the line full is refused, a moment later.
func TestLineIsFull(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		l := newLined(t, 1)
		for range 2 {
			go l.ask(t.Context(), httptest.NewRecorder(), "/items")
		}
		synctest.Wait()
		began := time.Now()
		w := httptest.NewRecorder()
		l.ask(t.Context(), w, "/items")
		if w.Code != http.StatusTooManyRequests || w.Header().Get("Retry-After") != "1" {
			t.Errorf("%d %v %s", w.Code, w.Header(), w.Body)
		}
		if time.Since(began) == 0 {
			t.Error("who is refused at once asks again at once")
		}
		close(l.goOn)
	})
}

// Whoever goes away, fails or panics leaves the lane.
func TestTheLaneIsLeft(t *testing.T) {
	t.Parallel()
	for name, list := range map[string]func(context.Context) (Response, error){
		"fails":         func(context.Context) (Response, error) { return nil, errors.New("no") },
		"panics":        func(context.Context) (Response, error) { panic("no") },
		"has no answer": func(context.Context) (Response, error) { return nil, nil },
		"encodes badly": func(context.Context) (Response, error) { return broken{}, nil },
	} {
		mux, err := NewMux(MuxConfig{
			Routes: []Route{Op(http.MethodGet, "/items", "listItems", "", NoParams, func(ctx context.Context, _ *Request, _ struct{}) (Response, error) {
				return list(ctx)
			})},
			Gate: &fakeGate{}, Lane: lane.New(1, 0),
		})
		if err != nil {
			t.Fatal(err)
		}
		for range 3 {
			w := httptest.NewRecorder()
			func() {
				defer func() { _ = recover() }()
				mux.ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/items", nil))
			}()
			if w.Code == http.StatusTooManyRequests {
				t.Errorf("%s: the next one finds the lane taken", name)
			}
		}
	}
}

type broken struct{}

func (broken) AppendJSON([]byte) []byte { panic("no") }
