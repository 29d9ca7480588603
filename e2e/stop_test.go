package e2e

import (
	"net"
	"net/http"
	"os"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// until waits for something that another process does.
func until(t *testing.T, what string, done func() bool) {
	t.Helper()
	deadline := time.After(patience)
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	for !done() {
		select {
		case <-tick.C:
		case <-deadline:
			t.Fatalf("it never happens that %s", what)
		}
	}
}

// metric is the value of one of the server's metrics, labels included in its
// name; 0 while there is none.
func metric(t *testing.T, s *server, name string) float64 {
	t.Helper()
	for line := range strings.Lines(string(s.as("").get(t, "/metrics").body)) {
		if value, ok := strings.CutPrefix(line, name+" "); ok {
			n, err := strconv.ParseFloat(strings.TrimSpace(value), 64)
			if err != nil {
				t.Fatalf("metrics: %s", line)
			}
			return n
		}
	}
	return 0
}

// holdWrites makes every write wait until release is called.
func (db database) holdWrites(t *testing.T) (release func()) {
	t.Helper()
	conn, err := db.open(t).Conn(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	statements := []string{`BEGIN IMMEDIATE`}
	if db.dialect == postgres {
		statements = []string{`BEGIN`, `SELECT seq FROM log_head FOR UPDATE`}
	}
	for _, s := range statements {
		if _, err := conn.ExecContext(t.Context(), s); err != nil {
			t.Fatalf("%s: %v", s, err)
		}
	}
	var once sync.Once
	release = func() {
		once.Do(func() {
			if _, err := conn.ExecContext(t.Context(), `ROLLBACK`); err != nil {
				t.Errorf("letting writes go on: %v", err)
			}
			conn.Close()
		})
	}
	return release
}

// Asked to stop, the server takes no new connections, finishes what it has
// begun, and exits 0.
func TestStopFinishesRequestsInFlight(t *testing.T) {
	t.Parallel()
	for _, d := range dialects {
		for name, sig := range map[string]os.Signal{"SIGTERM": syscall.SIGTERM, "SIGINT": syscall.SIGINT} {
			t.Run(string(d)+" "+name, func(t *testing.T) {
				t.Parallel()
				db := d.demo(t)
				s := serve(t, db)
				before := db.head(t)
				release := db.holdWrites(t)
				answered := make(chan *answer, 1)
				go func() {
					a, err := s.as(db.key).try(put("/public/personnel/1/contract-dates", `{"startDate":"2001-02-03"}`))
					if err != nil {
						t.Errorf("the request in flight: %v", err)
					}
					answered <- a
				}()
				until(t, "the write waits for its turn", func() bool {
					return metric(t, s, "passmuster_http_requests_in_flight") > 1 // one asks for the metrics
				})
				s.signal(t, sig)
				until(t, "no new connection is taken", func() bool {
					conn, err := net.DialTimeout("tcp", strings.TrimPrefix(s.url, "http://"), time.Second)
					if err == nil {
						conn.Close()
					}
					return err != nil
				})
				select {
				case <-s.ended:
					t.Error("the server ended before the request in flight was answered")
				default:
				}
				release()
				if a := <-answered; a == nil || a.status != http.StatusOK {
					t.Errorf("the request in flight was answered %+v", a)
				}
				if code := s.wait(t); code != 0 {
					t.Errorf("exit %d, want 0\n%s", code, s.tail())
				}
				if after := db.head(t); after != before+1 {
					t.Errorf("the log's head is %d, want %d", after, before+1)
				}
				db.verify(t)
			})
		}
	}
}
