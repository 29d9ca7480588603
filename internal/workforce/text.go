package workforce

import (
	"strings"

	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"
)

// Fold is the form in which text is compared, searched and sorted: Unicode
// full case folding of the NFC form, NFC again (folding may decompose).
// Folding an already folded text changes nothing.
func Fold(s string) string {
	if isLowerASCII(s) {
		return s
	}
	// A Caser holds state and is not safe for use by several goroutines.
	return norm.NFC.String(strings.Map(foldCherokee, cases.Fold().String(norm.NFC.String(s))))
}

// foldCherokee mends what cases.Fold does to Cherokee. Unicode folds its small
// letters, which are younger, to the capital ones; cases.Fold also folds the
// capital ones to the small ones, so that the two never meet.
func foldCherokee(r rune) rune {
	switch {
	case 0xAB70 <= r && r <= 0xABBF:
		return r - 0xAB70 + 0x13A0
	case 0x13F8 <= r && r <= 0x13FD:
		return r - 8
	}
	return r
}

func isLowerASCII(s string) bool {
	for i := range len(s) {
		if c := s[i]; c >= 0x80 || 'A' <= c && c <= 'Z' {
			return false
		}
	}
	return true
}

// FullName is first + " " + last with what is known of them; a person with one
// name has no stray space.
func FullName(first, last *string) string {
	return strings.TrimSpace(Text(first) + " " + Text(last))
}

// Text is *s, or "" when s is nil.
func Text(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}

// Ptr gives a pointer to a copy of v.
func Ptr[T any](v T) *T { return &v }

// Same reports whether two optional values are both absent or equal.
func Same[T comparable](a, b *T) bool {
	if a == nil || b == nil {
		return a == b
	}
	return *a == *b
}
