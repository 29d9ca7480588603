package cli

import (
	"bytes"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// Lines wait for at most logDelay; a warning takes all of them with it.
func TestLogLinesWaitAndWarningsDoNot(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var out safeBuffer
		b := newLogBuffer(&out)
		log := slog.New(urgent{slog.NewTextHandler(b, nil), b}).With("a", 1).WithGroup("g")
		log.Info("one", "n", 1)
		if got := out.String(); got != "" {
			t.Errorf("written at once: %q", got)
		}
		<-time.After(logDelay + time.Millisecond)
		synctest.Wait()
		if got := out.String(); !strings.Contains(got, "msg=one a=1 g.n=1\n") {
			t.Errorf("not written after the delay: %q", got)
		}
		log.Info("two")
		log.Warn("three")
		if got := out.String(); strings.Count(got, "\n") != 3 || !strings.HasSuffix(got, "msg=three a=1\n") {
			t.Errorf("a warning waits: %q", got)
		}
		log.Info("long", "text", strings.Repeat("x", logMost))
		if got := out.String(); strings.Count(got, "\n") != 4 {
			t.Error("a full buffer waits")
		}
		log.Info("last")
		b.flush()
		if got := out.String(); !strings.Contains(got, "msg=last") {
			t.Error("flushing writes nothing")
		}
	})
}

type safeBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (s *safeBuffer) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.Write(p)
}

func (s *safeBuffer) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.String()
}
