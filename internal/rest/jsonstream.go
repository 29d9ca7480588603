package rest

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"unicode/utf16"
	"unicode/utf8"
)

// jsonStream reads one JSON object of which a text may be too long to be held in
// memory. Everything else of it is small: it is read whole and checked by
// encoding/json.
type jsonStream struct {
	from  *bufio.Reader
	inner bool  // it is the text of another: its end is a mistake, not a loss
	read  int64 // bytes that were taken
}

// errCut is a body that ends in the middle of something.
var errCut = fmt.Errorf("the body ends too early: %w", io.ErrUnexpectedEOF)

// streamError is a mistake of whoever wrote the JSON.
type streamError struct {
	at   int64
	what string
}

func (e *streamError) Error() string { return fmt.Sprintf("%s near byte %d", e.what, e.at) }

func (s *jsonStream) wrong(what string) error { return &streamError{s.read, what} }

// next takes a byte. The end of the input is one in the middle of something.
func (s *jsonStream) next() (byte, error) {
	c, err := s.from.ReadByte()
	switch {
	case errors.Is(err, io.EOF) && s.inner:
		return 0, s.wrong("it ends too early")
	case errors.Is(err, io.EOF):
		return 0, errCut
	}
	if err == nil {
		s.read++
	}
	return c, err
}

// skip takes white space and then a byte.
func (s *jsonStream) skip() (byte, error) {
	for {
		c, err := s.next()
		if err != nil || !isSpace(c) {
			return c, err
		}
	}
}

// peek is the first byte of the value that comes; 0 if none does.
func (s *jsonStream) peek() byte {
	c, err := s.skip()
	if err != nil {
		return 0 // the next to read meets the error
	}
	s.back()
	return c
}

func (s *jsonStream) back() {
	if s.from.UnreadByte() == nil {
		s.read--
	}
}

// object reads an object and calls member with each name; member reads the
// value, with one of the methods below.
func (s *jsonStream) object(member func(name string) error) error {
	c, err := s.skip()
	if err != nil {
		return err
	}
	if c != '{' {
		return s.wrong("there is no object")
	}
	if c, err = s.skip(); err != nil || c == '}' {
		return err
	}
	for s.back(); ; {
		if s.peek() != '"' {
			return s.wrong("there is no name")
		}
		raw, err := s.raw(textMost)
		if err != nil {
			return err
		}
		var name string
		if err := json.Unmarshal(raw, &name); err != nil {
			return s.wrong("there is no name")
		}
		if c, err = s.skip(); err != nil {
			return err
		}
		if c != ':' {
			return s.wrong("there is no colon")
		}
		if err := member(name); err != nil {
			return err
		}
		switch c, err = s.skip(); {
		case err != nil:
			return err
		case c == '}':
			return nil
		case c != ',':
			return s.wrong("there is no comma")
		}
	}
}

// end wants nothing but white space to come.
func (s *jsonStream) end() error {
	for {
		c, err := s.from.ReadByte()
		switch {
		case errors.Is(err, io.EOF):
			return nil
		case err != nil:
			return err
		case !isSpace(c):
			return s.wrong("there is more than one value")
		}
	}
}

func isSpace(c byte) bool { return c == ' ' || c == '\t' || c == '\n' || c == '\r' }

// raw takes a value whole, of at most so many bytes.
func (s *jsonStream) raw(most int) (json.RawMessage, error) {
	c, err := s.skip()
	if err != nil {
		return nil, err
	}
	out := []byte{c}
	inString, escaped, depth := c == '"', false, 0
	if c == '{' || c == '[' {
		depth = 1
	}
	scalar := depth == 0 && !inString
	for scalar || inString || depth > 0 {
		if c, err = s.next(); err != nil {
			return nil, err
		}
		if scalar && bytes.IndexByte([]byte(" \t\r\n,}]"), c) >= 0 {
			s.back()
			break
		}
		if out = append(out, c); len(out) > most {
			return nil, s.wrong("a value is too long")
		}
		switch {
		case escaped:
			escaped = false
		case inString && c == '\\':
			escaped = true
		case c == '"':
			inString = !inString
		case inString:
		case c == '{' || c == '[':
			depth++
		case c == '}' || c == ']':
			depth--
		}
	}
	if tooDeep(out) || !utf8.Valid(out) || !json.Valid(out) {
		return nil, s.wrong("a value is broken, or nested too deeply")
	}
	return out, nil
}

// text reads the text that comes, without its quotes and escapes.
func (s *jsonStream) text() *streamText {
	t := &streamText{s: s}
	if c, err := s.skip(); err != nil {
		t.err = err
	} else if c != '"' {
		t.err = s.wrong("there is no text")
	}
	return t
}

// streamText is the text of a JSON string as it arrives.
type streamText struct {
	s       *jsonStream
	pending []byte // decoded of an escape, and not read yet
	held    [utf8.UTFMax]byte
	err     error // io.EOF after the closing quote
}

// Read implements io.Reader.
func (t *streamText) Read(p []byte) (int, error) {
	n := copy(p, t.pending)
	t.pending = t.pending[n:]
	if n > 0 || len(p) == 0 {
		return n, nil
	}
	for n == 0 && t.err == nil {
		n, t.err = t.some(p)
	}
	if n > 0 {
		return n, nil
	}
	return 0, t.err
}

// some takes what is in the buffer up to an escape, or one escape.
func (t *streamText) some(p []byte) (int, error) {
	c, err := t.s.next()
	switch {
	case err != nil:
		return 0, err
	case c == '"':
		return 0, io.EOF
	case c == '\\':
		return t.escape(p)
	case c < ' ':
		return 0, t.s.wrong("a text has a control character")
	}
	p[0] = c
	ahead, err := t.s.from.Peek(min(t.s.from.Buffered(), len(p)-1))
	if err != nil {
		return 1, nil //nolint:nilerr // the next to read meets the error
	}
	n := bytes.IndexFunc(ahead, func(r rune) bool { return r == '"' || r == '\\' || r < ' ' })
	if n < 0 {
		n = len(ahead)
	}
	copy(p[1:], ahead[:n])
	_, err = t.s.from.Discard(n)
	t.s.read += int64(n)
	return 1 + n, err
}

// escape decodes what follows a backslash.
func (t *streamText) escape(p []byte) (int, error) {
	c, err := t.s.next()
	if err != nil {
		return 0, err
	}
	const from, to = `"\/bfnrt`, "\"\\/\b\f\n\r\t"
	if i := bytes.IndexByte([]byte(from), c); i >= 0 {
		p[0] = to[i]
		return 1, nil
	}
	if c != 'u' {
		return 0, t.s.wrong("a text has an unknown escape")
	}
	r, err := t.unit()
	if err == nil && utf16.IsSurrogate(r) {
		r, err = t.pair(r)
	}
	if err != nil {
		return 0, err
	}
	t.pending = utf8.AppendRune(t.held[:0], r)
	n := copy(p, t.pending)
	t.pending = t.pending[n:]
	return n, nil
}

// pair reads the second half of a character.
func (t *streamText) pair(first rune) (rune, error) {
	for _, want := range []byte(`\u`) {
		if c, err := t.s.next(); err != nil || c != want {
			return 0, errors.Join(err, t.s.wrong("a text has half a character"))
		}
	}
	second, err := t.unit()
	if err != nil {
		return 0, err
	}
	r := utf16.DecodeRune(first, second)
	if r == utf8.RuneError {
		return 0, t.s.wrong("a text has half a character")
	}
	return r, nil
}

// unit reads four hexadecimal digits.
func (t *streamText) unit() (rune, error) {
	var r rune
	for range 4 {
		c, err := t.s.next()
		if err != nil {
			return 0, err
		}
		switch {
		case '0' <= c && c <= '9':
			r = r<<4 | rune(c-'0')
		case 'a' <= c|0x20 && c|0x20 <= 'f':
			r = r<<4 | rune(c|0x20-'a'+10)
		default:
			return 0, t.s.wrong("a text has a broken escape")
		}
	}
	return r, nil
}

// drain reads to the closing quote.
func (t *streamText) drain() error {
	_, err := io.Copy(io.Discard, t)
	return err
}
