package native

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"time"

	"github.com/passmuster/passmuster/internal/directory"
	"github.com/passmuster/passmuster/internal/lane"
	"github.com/passmuster/passmuster/internal/rest"
)

const (
	// mostStreams is how many streams run at a time. Each holds a chunk of
	// records in memory and reads from the database as fast as its client
	// takes them.
	mostStreams = 8
	// streamWait is after how many seconds a client that was refused for that
	// should try again.
	streamWait = 5
	// streamPatience is how long a client may take for one piece of a stream.
	streamPatience = time.Minute
	// streamPiece is how much is written at a time, in bytes.
	streamPiece = 64 << 10
)

// The headers of a stream. The last is a trailer: it comes after the body, and
// only if that is complete.
const (
	headerTotal    = "X-Records-Total"
	headerPosition = "X-Log-Position"
	headerSent     = "X-Records-Sent"
)

// lineFormat is how records are written as lines.
type lineFormat[S any] struct {
	mediaType string
	head      []byte // before the first record
	line      func(b []byte, s S) []byte
	end       func(b []byte, records, position int64) []byte // after the last one; nil if the format has no place for it
}

// lines is the format in which the members of records are shown.
func lines[S, R any](f Format, members []member[R], shown selection, toWire func(S, selection) R) lineFormat[S] {
	if f == FormatNDJSON {
		return lineFormat[S]{
			mediaType: typeNDJSON,
			line: func(b []byte, s S) []byte {
				r := toWire(s, shown)
				return append(appendRecord(b, members, shown, &r), '\n')
			},
			end: appendStreamEnd,
		}
	}
	columns := columnsOf(members, shown)
	return lineFormat[S]{
		mediaType: typeCSV + "; charset=utf-8; header=present",
		head:      appendRow(nil, len(columns), func(i int) string { return columns[i].name }),
		line: func(b []byte, s S) []byte {
			r := toWire(s, shown)
			return appendRow(b, len(columns), func(i int) string { return columns[i].cell(&r) })
		},
	}
}

// appendStreamEnd is the last line of a complete stream of JSON lines. It is
// told from a record by its only member.
func appendStreamEnd(b []byte, records, position int64) []byte {
	b = append(b, `{"end":`...)
	o := rest.NewObject(b)
	o.Int("records", records)
	o.Int("position", position)
	return append(o.End(), '}', '\n')
}

// records is what a stream writes, in chunks.
type records[S any] struct {
	total, position int64
	each            func(ctx context.Context, f func([]S) error) error
}

// recordsOf gives the records of a list that was opened for a stream.
func recordsOf[S any](s *directory.Stream[S], err error) (*records[S], error) {
	if err != nil {
		return nil, err
	}
	return &records[S]{s.Total, s.Position, s.Each}, nil
}

// stream answers with everything, line by line. An error before the first line
// is answered as such; after it, the connection is cut, so that nobody takes a
// part for the whole.
func stream[S any](
	ctx context.Context, h handlers, rq *rest.Request, f lineFormat[S], open func(context.Context) (*records[S], error),
) error {
	answer, ok := ctx.Value(answerKey{}).(*answer)
	if !ok {
		return errors.New("a stream was asked for where none can be written: serve the routes with Serve")
	}
	select {
	case h.streams <- struct{}{}:
		defer func() { <-h.streams }()
	default:
		return rq.TooMany(ctx, streamWait, fmt.Sprintf("Too many streams: at most %d run at a time.", mostStreams))
	}
	all, err := open(ctx)
	if err != nil {
		return fmt.Errorf("listing for a stream: %w", err)
	}
	s := &streamWriter{w: answer.takeOver(), pass: lane.From(ctx), limits: http.NewResponseController(answer.ResponseWriter)}
	header := s.w.Header()
	header.Set("Content-Type", f.mediaType)
	header.Set("Cache-Control", "no-store")
	header.Set("X-Accel-Buffering", "no") // a proxy that waits for the end holds back what is there
	header.Set(headerTotal, number(all.total))
	header.Set(headerPosition, number(all.position))
	header.Set("Trailer", headerSent)
	s.w.WriteHeader(http.StatusOK)
	if rq.HTTP().Method == http.MethodHead {
		return nil
	}
	if err := writeAll(ctx, s, f, all); err != nil {
		answer.broken = true
		return fmt.Errorf("writing a stream: %w", err)
	}
	header.Set(headerSent, number(s.records))
	return nil
}

func writeAll[S any](ctx context.Context, s *streamWriter, f lineFormat[S], all *records[S]) error {
	s.buffer = append(s.buffer, f.head...)
	err := all.each(ctx, func(chunk []S) error {
		for _, r := range chunk {
			s.buffer = f.line(s.buffer, r)
			s.records++
		}
		return s.flush(ctx)
	})
	if err != nil {
		return err
	}
	if f.end != nil {
		s.buffer = f.end(s.buffer, s.records, all.position)
	}
	return s.flush(ctx)
}

// streamWriter writes in pieces, each of which has its own time.
type streamWriter struct {
	w       http.ResponseWriter
	pass    *lane.Pass // of the request; left while the client reads
	limits  *http.ResponseController
	buffer  []byte
	records int64
}

// flush writes what is buffered and sends it on its way. Others have their turn
// meanwhile, and before this stream goes on.
func (s *streamWriter) flush(ctx context.Context) error {
	s.pass.Leave()
	for piece := range slices.Chunk(s.buffer, streamPiece) {
		if err := s.write(piece); err != nil {
			return err
		}
	}
	if err := s.limits.Flush(); err != nil && !errors.Is(err, http.ErrNotSupported) {
		return gone(err)
	}
	s.pass.Charge(len(s.buffer))
	s.buffer = s.buffer[:0]
	return s.pass.Again(ctx)
}

// write writes a piece.
func (s *streamWriter) write(piece []byte) error {
	// The server's own limits are for a whole answer. The one for reading would
	// end the request too: nothing more is read, and that is taken for silence.
	until := time.Now().Add(streamPatience)
	for _, err := range []error{s.limits.SetWriteDeadline(until), s.limits.SetReadDeadline(until.Add(streamPatience))} {
		if err != nil && !errors.Is(err, http.ErrNotSupported) {
			return gone(err)
		}
	}
	_, err := s.w.Write(piece)
	return gone(err)
}

// gone marks an error of writing: that a client is gone, or too slow, is no
// fault of ours.
func gone(err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("%w: %w", context.Canceled, err)
}
