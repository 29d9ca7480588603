package auth

import (
	"crypto/sha256"
	"sync"

	"github.com/passmuster/passmuster/internal/store"
	"github.com/passmuster/passmuster/internal/workforce"
)

// known remembers keys and the company between requests. What it remembers is
// forgotten when the change log says that a key or the company changed, which
// is looked at before each use. Only keys that exist are remembered, so that it
// is bounded by their number.
type known struct {
	mu      sync.RWMutex
	age     uint64 // how often something was forgotten
	keys    map[[sha256.Size]byte]workforce.APIKey
	company *workforce.Company
}

// heard is told of every change before a request relies on what is known.
func (k *known) heard(d store.Delta) {
	for _, t := range d.Touched {
		if t.Subject == store.SubjectKey || t.Subject == store.SubjectCompany {
			d.All = true
		}
	}
	if !d.All {
		return
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	k.age++
	k.keys, k.company = nil, nil
}

// get gives a key by its hash with the company, if both are known, and the age
// to give to put otherwise.
func (k *known) get(hash [sha256.Size]byte) (key workforce.APIKey, company workforce.Company, age uint64, ok bool) {
	k.mu.RLock()
	defer k.mu.RUnlock()
	key, ok = k.keys[hash]
	if !ok || k.company == nil {
		return key, company, k.age, false
	}
	return key, *k.company, k.age, true
}

// put remembers what was read after get gave the age, unless something was
// forgotten since: it may have been read before that change.
func (k *known) put(hash [sha256.Size]byte, key workforce.APIKey, company workforce.Company, age uint64) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.age != age {
		return
	}
	if k.keys == nil {
		k.keys = map[[sha256.Size]byte]workforce.APIKey{}
	}
	k.keys[hash], k.company = key, &company
}
