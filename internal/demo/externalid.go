package demo

import (
	"fmt"
	"strconv"

	"github.com/passmuster/passmuster/internal/workforce"
)

const (
	letters62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
	letters32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
	letters16 = "0123456789abcdef"
)

// spell writes x in the alphabet, lowest digit first, on exactly that many
// places. Where they suffice for 64 bits, different numbers are spelled
// differently.
func spell(x uint64, alphabet string, places int) string {
	out, base := make([]byte, places), uint64(len(alphabet))
	for i := range out {
		out[i] = alphabet[x%base]
		x /= base
	}
	return string(out)
}

func code(x uint64, places int) string { return spell(x, letters62, places) }

// digits is a decimal number that does not begin with 0.
func digits(x uint64, places int) string {
	out := []byte(spell(x, letters16[:10], places))
	out[0] = '1' + byte(x>>60)%9
	return string(out)
}

// uuid makes a version 4 UUID of two numbers.
func uuid(a, b uint64) string {
	a = a&^0xF000 | 0x4000
	b = b&^(3<<62) | 2<<62
	return fmt.Sprintf("%08x-%04x-%04x-%04x-%012x", a>>32, a>>16&0xFFFF, a&0xFFFF, b>>48, b&0xFFFFFFFFFFFF)
}

// externalID is the id that the system behind the connection gave to user n
// (or, for a stray, to an account that belongs to nobody and stands beside
// user n), in that system's own form. It is unique for each connection.
func (c *Company) externalID(conn *workforce.Connection, n int, stray bool) string {
	slot := 2 * n
	if stray {
		slot++
	}
	x := mix(c.number(topicIdentityID, int(conn.ID)) ^ uint64(slot))
	switch conn.ClientType {
	case "GOOGLE", "GCP":
		return "1" + fmt.Sprintf("%020d", x)
	case "OKTA_IDENTITY":
		return "00u" + spell(x, letters62, 17)
	case "AWS", "AWS_GOV_CLOUD", "AWS_ORG_UNITS", "AWS_CODECOMMIT":
		return "AIDA" + spell(x, letters32, 13) + "WL7"
	case "GITHUB", "GITHUB_ENTERPRISE", "GITLAB", "GITLAB_ON_PREM", "DIGITAL_OCEAN", "BAMBOO_HR":
		return strconv.Itoa(100_000*int(conn.ID) + 7*slot)
	case "MONGO_DB_ATLAS", "RIPPLING", "JUMPCLOUD":
		return spell(x, letters16, 16) + spell(mix(x), letters16, 8)
	case "CLOUDFLARE":
		return spell(x, letters16, 16) + spell(mix(x), letters16, 16)
	case "BITBUCKET":
		return "{" + uuid(x, mix(x)) + "}"
	default:
		return uuid(x, mix(x))
	}
}
