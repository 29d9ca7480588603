package native

import (
	"bufio"
	"context"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/passmuster/passmuster/internal/lane"
	"github.com/passmuster/passmuster/internal/rest"
)

// letIn is a gate that lets everybody in.
type letIn struct{}

func (letIn) Admit(r *http.Request, _ *rest.Route) (context.Context, error) { return r.Context(), nil }

// numbers is a stream of numbers, one on each line.
var numbers = lineFormat[int]{
	mediaType: typeNDJSON,
	line:      func(b []byte, n int) []byte { return append(rest.AppendInt(b, int64(n)), '\n') },
	end:       appendStreamEnd,
}

// serveStream serves a stream of numbers at /numbers, below limits of time.
func serveStream(t *testing.T, h handlers, limit time.Duration, open func(context.Context) (*records[int], error)) string {
	t.Helper()
	route := rest.Op(http.MethodGet, "/numbers", "numbers", "", rest.NoParams,
		func(ctx context.Context, rq *rest.Request, _ struct{}) (rest.Response, error) {
			return nil, stream(ctx, h, rq, numbers, open)
		})
	served, err := Serve(rest.Mount("", rest.Native, []rest.Route{route}), rest.MuxConfig{Gate: letIn{}})
	if err != nil {
		t.Fatal(err)
	}
	mux, err := rest.NewMux(rest.MuxConfig{Routes: served})
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewUnstartedServer(rest.Stack(rest.StackConfig{Log: slog.New(slog.DiscardHandler)}, mux))
	server.Config.ReadTimeout, server.Config.WriteTimeout = limit, limit
	server.Start()
	t.Cleanup(server.Close)
	return server.URL + "/numbers"
}

// outcome is an answer that was read as far as it came.
type outcome struct {
	status          int
	header, trailer http.Header
	body            string
	err             error // of reading the body
}

// send begins a request.
func send(ctx context.Context, t *testing.T, method, url string) *http.Response {
	t.Helper()
	rq, err := http.NewRequestWithContext(ctx, method, url, nil)
	if err != nil {
		t.Fatal(err)
	}
	client := http.Client{Timeout: time.Minute}
	resp, err := client.Do(rq)
	if err != nil {
		t.Fatal(err)
	}
	return resp
}

func ask(t *testing.T, method, url string) outcome {
	t.Helper()
	resp := send(t.Context(), t, method, url)
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	return outcome{resp.StatusCode, resp.Header, resp.Trailer, string(body), err}
}

func newHandlers(streams int) handlers { return handlers{streams: make(chan struct{}, streams)} }

// chunks gives chunks, and then an error.
func chunks(last error, all ...[]int) func(context.Context) (*records[int], error) {
	return func(context.Context) (*records[int], error) {
		return &records[int]{total: 3, position: 7, each: func(_ context.Context, f func([]int) error) error {
			for _, chunk := range all {
				if err := f(chunk); err != nil {
					return err
				}
			}
			return last
		}}, nil
	}
}

func TestStream(t *testing.T) {
	t.Parallel()
	url := serveStream(t, newHandlers(1), 0, chunks(nil, []int{1, 2}, []int{3}))
	got := ask(t, http.MethodGet, url)
	if want := "1\n2\n3\n{\"end\":{\"records\":3,\"position\":7}}\n"; got.body != want || got.err != nil {
		t.Errorf("got %q, %v, want %q", got.body, got.err, want)
	}
	for name, want := range map[string]string{"Content-Type": typeNDJSON, headerTotal: "3", headerPosition: "7", "Cache-Control": "no-store"} {
		if is := got.header.Get(name); is != want {
			t.Errorf("%s is %q, want %q", name, is, want)
		}
	}
	if is := got.trailer.Get(headerSent); is != "3" {
		t.Errorf("the trailer is %q", is)
	}
	got = ask(t, http.MethodHead, url)
	if got.status != http.StatusOK || got.body != "" || got.err != nil || got.header.Get(headerTotal) != "3" {
		t.Errorf("HEAD: %+v", got)
	}
}

// A stream that fails on the way does not look like a whole one.
func TestBrokenStreamIsCut(t *testing.T) {
	t.Parallel()
	url := serveStream(t, newHandlers(1), 0, chunks(errors.New("the database is gone"), []int{1, 2}))
	for range 2 { // the place that a broken one had is free again
		got := ask(t, http.MethodGet, url)
		if !errors.Is(got.err, io.ErrUnexpectedEOF) || strings.Contains(got.body, "end") || got.trailer.Get(headerSent) != "" {
			t.Errorf("%+v", got)
		}
	}
}

// What is refused before the first line is refused as everywhere.
func TestRefusedStream(t *testing.T) {
	t.Parallel()
	url := serveStream(t, newHandlers(1), 0, func(context.Context) (*records[int], error) { return nil, errors.New("no") })
	got := ask(t, http.MethodGet, url)
	if got.status != http.StatusInternalServerError || !strings.Contains(got.body, `"reason":"internal"`) || got.err != nil {
		t.Errorf("%+v", got)
	}
}

// Only so many run at a time; as soon as one has ended, the next may begin.
func TestTooManyStreams(t *testing.T) {
	t.Parallel()
	h := newHandlers(1)
	url := serveStream(t, h, 0, chunks(nil, []int{1}))
	h.streams <- struct{}{}
	got := ask(t, http.MethodGet, url)
	if got.status != http.StatusTooManyRequests || got.header.Get("Retry-After") != "5" ||
		!strings.Contains(got.body, `"reason":"too_many_requests"`) || got.err != nil {
		t.Errorf("%+v", got)
	}
	<-h.streams
	if got := ask(t, http.MethodGet, url); got.status != http.StatusOK || got.err != nil {
		t.Errorf("%+v", got)
	}
}

// The server's limits on the time of an answer are for one that is made whole:
// a stream goes on beyond them, for as long as its client takes it.
func TestStreamOutlivesTheLimits(t *testing.T) {
	t.Parallel()
	const limit = 100 * time.Millisecond
	url := serveStream(t, newHandlers(1), limit, func(context.Context) (*records[int], error) {
		return &records[int]{each: func(ctx context.Context, f func([]int) error) error {
			for n := range 6 {
				if err := f([]int{n}); err != nil {
					return err
				}
				select {
				case <-time.After(limit / 2):
				case <-ctx.Done():
					return ctx.Err()
				}
			}
			return nil
		}}, nil
	})
	if got := ask(t, http.MethodGet, url); !strings.HasPrefix(got.body, "0\n1\n2\n3\n4\n5\n{") || got.err != nil {
		t.Errorf("%+v", got)
	}
}

// Nobody reads on for a client that has gone.
func TestStreamEndsWithItsClient(t *testing.T) {
	t.Parallel()
	h := newHandlers(1)
	ended := make(chan error, 1)
	url := serveStream(t, h, 0, func(context.Context) (*records[int], error) {
		return &records[int]{each: func(ctx context.Context, f func([]int) error) error {
			err := f([]int{1})
			if err == nil {
				<-ctx.Done()
				err = ctx.Err()
			}
			ended <- err
			return err
		}}, nil
	})
	ctx, cancel := context.WithCancel(t.Context())
	resp := send(ctx, t, http.MethodGet, url)
	defer resp.Body.Close()
	if line, err := bufio.NewReader(resp.Body).ReadString('\n'); line != "1\n" || err != nil { // it was flushed
		t.Errorf("got %q, %v", line, err)
	}
	cancel()
	if err := <-ended; !errors.Is(err, context.Canceled) {
		t.Errorf("the stream ended with %v", err)
	}
	h.streams <- struct{}{} // its place is free again
}

// Without Serve there is nothing to write a stream to, which is our fault and
// not the client's.
func TestStreamsNeedServe(t *testing.T) {
	t.Parallel()
	if err := stream(t.Context(), newHandlers(1), nil, numbers, nil); err == nil {
		t.Error("a stream was written nowhere")
	}
}

// Whoever waits has their turn between two chunks of a stream, and while its
// client takes its time.
func TestStreamLetsOthersIn(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		l := lane.New(1, 10)
		pass, err := l.Enter(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		w := httptest.NewRecorder()
		s := &streamWriter{w: w, pass: pass, limits: http.NewResponseController(w)}
		served := 0
		all := &records[int]{each: func(_ context.Context, f func([]int) error) error {
			for chunk := range 3 {
				go func() {
					if p, err := l.Enter(t.Context()); err == nil {
						served++
						p.Leave()
					}
				}()
				synctest.Wait()
				if served != chunk {
					t.Errorf("%d were served while chunk %d was made", served, chunk)
				}
				if err := f([]int{chunk}); err != nil {
					return err
				}
			}
			return nil
		}}
		if err := writeAll(t.Context(), s, numbers, all); err != nil {
			t.Fatal(err)
		}
		if want := "0\n1\n2\n{\"end\":{\"records\":3,\"position\":0}}\n"; w.Body.String() != want {
			t.Errorf("got %q, want %q", w.Body, want)
		}
		pass.Leave()
		synctest.Wait()
		if served != 3 {
			t.Errorf("%d were served in all, want 3", served)
		}
	})
}
