package auth

import (
	"net/netip"
	"strings"
	"time"

	"github.com/passmuster/passmuster/internal/workforce"
)

// The refusals of a key. Each says what to do next, and none repeats anything
// of the key or of the record behind it.

func keyMissing() error {
	return workforce.Refuse(workforce.ReasonKeyMissing,
		"No API key was sent. Send the header: Authorization: Bearer <API key>")
}

func keyMalformed() error {
	return workforce.Refuse(workforce.ReasonKeyMalformed,
		"The Authorization header is not of the form: Authorization: Bearer <API key>")
}

func keyUnknown() error {
	return workforce.Refuse(workforce.ReasonKeyUnknown,
		"This API key is not known here. Check that it was copied whole and belongs to this server, or make a new one with: passmuster key create")
}

func keyRevoked() error {
	return workforce.Refuse(workforce.ReasonKeyRevoked,
		"This API key was revoked, which is final. Make a new one with: passmuster key create")
}

func keyExpired() error {
	return workforce.Refuse(workforce.ReasonKeyExpired,
		"This API key has expired. Make a new one with: passmuster key create")
}

func keyAddress() error {
	return workforce.Refuse(workforce.ReasonKeyAddress,
		"This API key may not be used from your network address. Use it from an allowed one, or make a key with another --allow list; if the server is behind a proxy, its address has to be configured as trusted")
}

// bearer takes the key out of an Authorization header: "Bearer <key>", the
// scheme in any case, spaces around either tolerated, none inside the key.
func bearer(header string) (string, error) {
	if strings.Trim(header, " \t") == "" {
		return "", keyMissing()
	}
	scheme, key, ok := strings.Cut(strings.Trim(header, " \t"), " ")
	key = strings.Trim(key, " \t")
	if !ok || !strings.EqualFold(scheme, "Bearer") || key == "" || strings.ContainsAny(key, " \t") {
		return "", keyMalformed()
	}
	return key, nil
}

// verdict is nil if the key may be used at now from addr. A key with an
// allow-list may not be used from an address that is not known.
func verdict(k workforce.APIKey, now time.Time, addr netip.Addr) error {
	switch {
	case k.RevokedAt != nil:
		return keyRevoked()
	case k.ExpiresAt != nil && !now.Before(*k.ExpiresAt):
		return keyExpired()
	case !allowed(k.Allow, addr):
		return keyAddress()
	}
	return nil
}

// allowed reports whether the list names the address; an empty list names
// every one. A dual-stack listener shows IPv4 peers as ::ffff:a.b.c.d, and a
// link-local peer with its zone: neither is part of what a list means.
func allowed(list []netip.Prefix, addr netip.Addr) bool {
	if len(list) == 0 {
		return true
	}
	addr = addr.Unmap().WithZone("")
	for _, p := range list {
		if p.Contains(addr) {
			return true
		}
	}
	return false
}

// Admits is nil if the company's plan and terms let anyone in, in the order of
// the API: the plan first (ReasonPlanNone, ReasonPlanFeature), then the terms
// (ReasonTermsNotAccepted).
func Admits(c workforce.Company, feature workforce.Feature) error {
	switch {
	case c.Plan == workforce.PlanNone:
		return workforce.Refuse(workforce.ReasonPlanNone,
			"The company's plan does not include the API. Change it with: passmuster company set --plan full")
	case !c.Plan.Includes(feature):
		return workforce.Refuse(workforce.ReasonPlanFeature,
			"The company's plan does not include %s. Change it with: passmuster company set --plan full", feature)
	case c.TermsAcceptedAt == nil:
		return workforce.Refuse(workforce.ReasonTermsNotAccepted,
			"The company has not accepted the terms. Accept them with: passmuster company set --accept-terms=true")
	}
	return nil
}
