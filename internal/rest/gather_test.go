package rest

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// counting is a listener whose connections count the writes that are one piece.
type counting struct {
	net.Listener

	writes *atomic.Int64
}

func (l counting) Accept() (net.Conn, error) {
	c, err := l.Listener.Accept()
	if err != nil {
		return nil, err
	}
	return countingConn{c.(*net.TCPConn), l.writes}, nil
}

type countingConn struct {
	*net.TCPConn // with what sends several pieces at once

	writes *atomic.Int64
}

func (c countingConn) Write(b []byte) (int, error) {
	c.writes.Add(1)
	return c.TCPConn.Write(b)
}

// gatheredServer serves answers as long as the query says.
func gatheredServer(t *testing.T) (url string, writes *atomic.Int64) {
	t.Helper()
	l, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	h := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var size int
		if _, err := fmt.Sscan(r.URL.RawQuery, &size); err != nil {
			t.Error(err)
		}
		writeJSON(w, http.StatusOK, RawJSON(answerOf(size)))
	})
	server := NewServer(ServerConfig{}, Stack(StackConfig{Log: slog.New(slog.DiscardHandler)}, h), slog.New(slog.DiscardHandler))
	writes = new(atomic.Int64)
	var done sync.WaitGroup
	done.Go(func() {
		if err := server.Serve(Gather(counting{l, writes})); !errors.Is(err, http.ErrServerClosed) {
			t.Error(err)
		}
	})
	t.Cleanup(func() {
		server.Close()
		done.Wait()
	})
	return "http://" + l.Addr().String(), writes
}

func answerOf(size int) string { return strings.Repeat("0123456789", size/10+1)[:size] }

func TestGatherSendsEveryAnswerWhole(t *testing.T) {
	t.Parallel()
	url, _ := gatheredServer(t)
	client := &http.Client{Transport: &http.Transport{MaxConnsPerHost: 1}} // one after the other on one connection
	defer client.CloseIdleConnections()
	sizes := []int{0, 1, 2047, 2048, 2049, 14_000, bufferStart, 200_000}
	for size := 3500; size < 4200; size += 7 { // around what fits the buffer of net/http beside the header, and twice
		sizes = append(sizes, size, size+4096)
	}
	for _, method := range []string{http.MethodGet, http.MethodHead} {
		for _, size := range sizes {
			rq, err := http.NewRequestWithContext(t.Context(), method, fmt.Sprintf("%s/?%d", url, size), nil)
			if err != nil {
				t.Fatal(err)
			}
			res, err := client.Do(rq)
			if err != nil {
				t.Fatalf("%s of %d bytes: %v", method, size, err)
			}
			body, err := io.ReadAll(res.Body)
			res.Body.Close()
			want := answerOf(size)
			if method == http.MethodHead {
				want = ""
			}
			if err != nil || string(body) != want || res.ContentLength != int64(size) {
				t.Fatalf("%s of %d bytes: %d bytes, length %d, error %v", method, size, len(body), res.ContentLength, err)
			}
		}
	}
}

func TestGatherSendsTheStartWithTheRest(t *testing.T) {
	t.Parallel()
	url, writes := gatheredServer(t)
	client := &http.Client{Timeout: time.Minute}
	for _, size := range []int{6000, 14_000, 200_000} {
		rq, err := http.NewRequestWithContext(t.Context(), http.MethodGet, fmt.Sprintf("%s/?%d", url, size), nil)
		if err != nil {
			t.Fatal(err)
		}
		res, err := client.Do(rq)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := io.Copy(io.Discard, res.Body); err != nil {
			t.Error(err)
		}
		res.Body.Close()
		if n := writes.Load(); n != 0 {
			t.Errorf("an answer of %d bytes was sent in pieces: %d writes", size, n)
		}
	}
}

// brokenConn takes only some bytes.
type brokenConn struct {
	net.Conn

	takes int
	got   bytes.Buffer
}

var errBroken = errors.New("broken")

func (c *brokenConn) Write(b []byte) (int, error) {
	n := min(c.takes, len(b))
	c.takes -= n
	c.got.Write(b[:n])
	if n < len(b) {
		return n, errBroken
	}
	return n, nil
}

func TestGatherTellsWhatWasNotSent(t *testing.T) {
	t.Parallel()
	for takes, want := range map[int]int{0: 0, 3: 0, 5: 0, 7: 2} {
		inner := &brokenConn{takes: takes}
		c := &gathered{Conn: inner}
		c.hold()
		if n, err := c.Write([]byte("start")); n != 5 || err != nil || inner.got.Len() > 0 {
			t.Errorf("the start was not held back: %d, %v", n, err)
		}
		if n, err := c.Write([]byte("rest")); n != want || !errors.Is(err, errBroken) {
			t.Errorf("a connection that takes %d: %d, %v; want %d of the rest, and its error", takes, n, err, want)
		}
		c.release()
	}
	if gatheredOf(withGathered(context.Background(), &brokenConn{})) != nil {
		t.Error("a connection of another kind can hold back")
	}
}

func TestLookupMakesEachValueOnce(t *testing.T) {
	t.Parallel()
	var l lookup[int, *int]
	var made [5]atomic.Int64
	var wait sync.WaitGroup
	for range 8 {
		wait.Go(func() {
			for key := range made {
				v := l.get(key, func() *int {
					made[key].Add(1)
					return &key
				})
				if *v != key {
					t.Errorf("key %d has the value %d", key, *v)
				}
			}
		})
	}
	wait.Wait()
	for key := range made {
		if n := made[key].Load(); n != 1 {
			t.Errorf("key %d was made %d times", key, n)
		}
	}
}
