package auth

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"math/big"
	"strings"
)

// A key is keyPrefix, keyRandom digits that hold 256 random bits, and keySum
// digits that hold the CRC-32 of everything before them; digits are base62.
// The prefix lets secret scanners find leaked keys, the checksum lets us turn
// away garbage and typing errors without asking the database.
const (
	keyPrefix = "pmk_"
	keyRandom = 43 // 62^43 > 2^256
	keySum    = 6  // 62^6 > 2^32
	keyLength = len(keyPrefix) + keyRandom + keySum
	hintChars = 8

	digits = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
)

// errNotAKey says nothing about what is wrong: the caller must not either.
var errNotAKey = errors.New("not a well-formed API key")

// Generate makes a new key from 32 bytes of random, which must be a
// cryptographic source. It fails only when the source does.
func Generate(random io.Reader) (string, error) {
	var bits [32]byte
	if _, err := io.ReadFull(random, bits[:]); err != nil {
		return "", fmt.Errorf("reading random bits for a key: %w", err)
	}
	body := keyPrefix + base62(new(big.Int).SetBytes(bits[:]), keyRandom)
	sum := checksum(body)
	return body + string(sum[:]), nil
}

// Check reports whether s has the form of a key and its checksum is right. It
// says nothing about whether such a key exists.
func Check(s string) error {
	if len(s) != keyLength || !strings.HasPrefix(s, keyPrefix) {
		return errNotAKey
	}
	for i := len(keyPrefix); i < len(s); i++ {
		if !isDigit(s[i]) {
			return errNotAKey
		}
	}
	if sum := checksum(s[:keyLength-keySum]); s[keyLength-keySum:] != string(sum[:]) {
		return errNotAKey
	}
	return nil
}

// Hash is what is stored of a key: its SHA-256. A slow password hash would add
// nothing, because 256 random bits cannot be guessed.
func Hash(s string) [32]byte { return sha256.Sum256([]byte(s)) }

// Hint is the first eight characters of a key and "…": enough to tell keys
// apart in a list, of no use to anyone who wants to guess one.
func Hint(s string) string {
	if len(s) < hintChars {
		return "…"
	}
	return s[:hintChars] + "…"
}

// checksum is the CRC-32 in base 62. It is made for each request, without
// garbage.
func checksum(body string) (out [keySum]byte) {
	n := crc32.ChecksumIEEE([]byte(body))
	for i := keySum - 1; i >= 0; i-- {
		out[i] = digits[n%uint32(len(digits))]
		n /= uint32(len(digits))
	}
	return out
}

// base62 writes n with leading zeros up to width digits; n must fit.
func base62(n *big.Int, width int) string {
	out := make([]byte, width)
	base, digit := big.NewInt(int64(len(digits))), new(big.Int)
	for i := width - 1; i >= 0; i-- {
		n.DivMod(n, base, digit)
		out[i] = digits[digit.Int64()]
	}
	return string(out)
}

func isDigit(c byte) bool {
	return '0' <= c && c <= '9' || 'A' <= c && c <= 'Z' || 'a' <= c && c <= 'z'
}
