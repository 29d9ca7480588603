package client

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"
	"mime"
	"net/http"
	"strconv"
	"time"
)

// StreamEnd is what is known when a stream is complete.
type StreamEnd struct {
	Records int64 `json:"records"` // how many came
	// Position is where in the change log to go on, as in [PeoplePage].
	Position int64 `json:"position"`
}

// The formats of a stream, and their media types.
const (
	formatNDJSON = "ndjson"
	formatCSV    = "csv"
)

func mediaTypeOf(format string) string {
	if format == formatCSV {
		return "text/csv"
	}
	return "application/x-ndjson"
}

// The headers of a stream. The last is a trailer, which only a whole one has.
const (
	headerTotal    = "X-Records-Total"
	headerPosition = "X-Log-Position"
	headerSent     = "X-Records-Sent"
)

func streamOf(path string, q query, format string) operation {
	q.values.Set("format", format)
	return operation{method: methodGet, pattern: path, query: q.values, accept: mediaTypeOf(format)}
}

// errSilence is why a stream that stopped coming was given up.
var errSilence = errors.New("the server sends nothing more")

// streaming is the answer to a stream. A whole answer may take as long as it
// takes, so the timeout of the client is here one for each piece.
type streaming struct {
	*http.Response
	timer *time.Timer // nil: no limit
	each  time.Duration
	ctx   context.Context // ends with errSilence when a piece does not come
	stop  context.CancelCauseFunc
}

// Read waits no longer than the limit. While nobody reads, nothing runs out.
func (s *streaming) Read(p []byte) (int, error) {
	if s.timer != nil {
		s.timer.Reset(s.each)
		defer s.timer.Stop()
	}
	n, err := s.Body.Read(p)
	if err != nil && !errors.Is(err, io.EOF) && errors.Is(context.Cause(s.ctx), errSilence) {
		err = errSilence
	}
	return n, err
}

func (s *streaming) close() {
	s.stop(nil)
	s.Body.Close()
}

// open begins a stream, again where that may help.
func (w *wire) open(ctx context.Context, op operation) (*streaming, error) {
	return again(ctx, w, op, func() (*streaming, error) { return w.openOnce(ctx, op) })
}

func (w *wire) openOnce(ctx context.Context, op operation) (*streaming, error) {
	client := w.http
	s := &streaming{each: client.Timeout}
	client.Timeout = 0
	s.ctx, s.stop = context.WithCancelCause(ctx)
	rq, err := w.request(s.ctx, op, nil)
	if err != nil {
		s.stop(nil)
		return nil, err
	}
	if s.each > 0 {
		s.timer = time.AfterFunc(s.each, func() { s.stop(errSilence) })
	}
	resp, err := client.Do(rq) //nolint:bodyclose // close does, when the stream is at its end
	if s.timer != nil {
		s.timer.Stop()
	}
	if err != nil {
		silent := errors.Is(context.Cause(s.ctx), errSilence)
		s.stop(nil)
		if silent {
			err = errSilence
		}
		return nil, connectionError(ctx, op, err)
	}
	s.Response = resp
	if resp.StatusCode != http.StatusOK {
		defer s.close()
		return nil, w.refusal(op, resp)
	}
	if got, _, err := mime.ParseMediaType(resp.Header.Get("Content-Type")); err != nil || got != op.accept {
		s.close()
		return nil, fmt.Errorf("%s: the answer is not %s (%s)", op, op.accept, wrongServer)
	}
	return s, nil
}

// incomplete is the error of a stream that ended too early. What came of it is right,
// but not everything.
func incomplete(ctx context.Context, op operation, err error) error {
	return connectionError(ctx, op, fmt.Errorf("the answer is not complete: %w", err))
}

// endMark begins the last line of a whole stream; no record has such a member.
var endMark = []byte(`{"end":`)

// records gives the records of a stream of JSON lines.
func records[T checked](ctx context.Context, w *wire, op operation, end *StreamEnd) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		var none T
		s, err := w.open(ctx, op)
		if err != nil {
			yield(none, err)
			return
		}
		defer s.close()
		lines := bufio.NewScanner(s)
		lines.Buffer(make([]byte, 0, min(w.limit, 64<<10)), int(min(w.limit, 1<<30)))
		n := int64(0)
		for lines.Scan() {
			if bytes.HasPrefix(lines.Bytes(), endMark) {
				got, err := readEnd(lines, n)
				switch {
				case err != nil:
					yield(none, incomplete(ctx, op, err))
				case end != nil:
					*end = got
				}
				return
			}
			record, err := readRecord[T](op, lines.Bytes())
			if !yield(record, err) || err != nil {
				return
			}
			n++
		}
		err = lines.Err()
		switch {
		case errors.Is(err, bufio.ErrTooLong):
			err = fmt.Errorf("%s: a line has more than %d bytes, the limit of this client (see WithResponseLimit)", op, w.limit)
		case err != nil:
			err = incomplete(ctx, op, err)
		default:
			err = incomplete(ctx, op, fmt.Errorf("it ends after %d records without saying that these are all", n))
		}
		yield(none, err)
	}
}

func readRecord[T checked](op operation, line []byte) (T, error) {
	var record, none T
	if err := json.Unmarshal(line, &record); err != nil {
		return none, fmt.Errorf("%s: the answer cannot be read: %w (%s)", op, err, wrongServer)
	}
	if what := record.missing(); what != "" {
		return none, fmt.Errorf("%s: a record has no %s (%s)", op, what, wrongServer)
	}
	return record, nil
}

// readEnd reads the last line, which has to be one, after n records.
func readEnd(lines *bufio.Scanner, n int64) (StreamEnd, error) {
	var line struct {
		End StreamEnd `json:"end"`
	}
	if err := json.Unmarshal(lines.Bytes(), &line); err != nil {
		return StreamEnd{}, fmt.Errorf("its last line cannot be read: %w", err)
	}
	if line.End.Records != n {
		return StreamEnd{}, fmt.Errorf("%d records came, and %d were sent", n, line.End.Records)
	}
	if lines.Scan() {
		return StreamEnd{}, errors.New("something comes after its end")
	}
	if err := lines.Err(); err != nil {
		return StreamEnd{}, err
	}
	return line.End, nil
}

// copyTable copies a table and makes sure that it is whole.
func copyTable(ctx context.Context, w *wire, op operation, to io.Writer) (StreamEnd, error) {
	s, err := w.open(ctx, op)
	if err != nil {
		return StreamEnd{}, err
	}
	defer s.close()
	var rows rowCounter
	buffer := make([]byte, 64<<10)
	for {
		n, err := s.Read(buffer)
		rows.count(buffer[:n])
		if n > 0 {
			if _, err := to.Write(buffer[:n]); err != nil {
				return StreamEnd{}, fmt.Errorf("writing the table: %w", err)
			}
		}
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return StreamEnd{}, incomplete(ctx, op, err)
		}
	}
	end := StreamEnd{Records: rows.ends - 1} // the first row is names
	end.Position, _ = headerNumber(s.Header, headerPosition)
	want, said := headerNumber(s.Trailer, headerSent)
	if !said { // something in between has dropped it
		want, said = headerNumber(s.Header, headerTotal)
	}
	switch {
	case !said:
		return StreamEnd{}, incomplete(ctx, op, errors.New("nothing says how many rows it should have"))
	case end.Records != want:
		return StreamEnd{}, incomplete(ctx, op, fmt.Errorf("%d rows came, and there should be %d", max(end.Records, 0), want))
	}
	return end, nil
}

// headerNumber reads a header that is a number.
func headerNumber(h http.Header, name string) (int64, bool) {
	n, err := strconv.ParseInt(h.Get(name), 10, 64)
	return n, err == nil && n >= 0
}

// rowCounter counts the rows of a table: line ends that are not in quotes. A
// quote within quotes is written twice, and so ends and begins them again.
type rowCounter struct {
	ends   int64
	quoted bool
}

func (c *rowCounter) count(b []byte) {
	for _, x := range b {
		switch {
		case x == '"':
			c.quoted = !c.quoted
		case x == '\n' && !c.quoted:
			c.ends++
		}
	}
}
