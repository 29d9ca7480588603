package cli

import (
	"context"
	"io"
	"log/slog"
	"sync"
	"time"
)

// A server writes a line for each request, and a system call for each line is
// a tenth of what a request costs. So lines wait for each other, but never
// long, and warnings and errors not at all.
const (
	logDelay = 50 * time.Millisecond
	logMost  = 64 << 10 // bytes that wait
)

// logBuffer gathers lines and writes them together.
type logBuffer struct {
	to io.Writer

	mu      sync.Mutex
	waiting []byte
	timer   *time.Timer // runs while something waits
}

func newLogBuffer(to io.Writer) *logBuffer { return &logBuffer{to: to} }

// Write takes a line. It never fails: there is nobody to tell.
func (b *logBuffer) Write(line []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.waiting = append(b.waiting, line...)
	switch {
	case len(b.waiting) >= logMost:
		b.write()
	case b.timer == nil:
		b.timer = time.AfterFunc(logDelay, b.flush)
	}
	return len(line), nil
}

// flush writes what waits.
func (b *logBuffer) flush() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.write()
}

func (b *logBuffer) write() {
	if b.timer != nil {
		b.timer.Stop()
		b.timer = nil
	}
	if len(b.waiting) > 0 {
		_, _ = b.to.Write(b.waiting)
		b.waiting = b.waiting[:0]
	}
}

// urgent writes lines of warnings and errors, and what waits before them, at
// once.
type urgent struct {
	slog.Handler

	buffer *logBuffer
}

// Handle implements slog.Handler.
func (u urgent) Handle(ctx context.Context, rec slog.Record) error {
	err := u.Handler.Handle(ctx, rec)
	if rec.Level >= slog.LevelWarn {
		u.buffer.flush()
	}
	return err
}

// WithAttrs implements slog.Handler.
func (u urgent) WithAttrs(attrs []slog.Attr) slog.Handler {
	return urgent{u.Handler.WithAttrs(attrs), u.buffer}
}

// WithGroup implements slog.Handler.
func (u urgent) WithGroup(name string) slog.Handler {
	return urgent{u.Handler.WithGroup(name), u.buffer}
}
