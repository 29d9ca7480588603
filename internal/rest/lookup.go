package rest

import (
	"maps"
	"sync"
	"sync/atomic"
)

// lookup is a map that grows seldom and is read by every request: reading takes
// no lock and allocates nothing. It never forgets, so that its keys have to be
// few. The zero value is empty.
type lookup[K comparable, V any] struct {
	known atomic.Pointer[map[K]V] // never changed once it is here
	mu    sync.Mutex              // held while it is replaced
}

// get gives the value of a key. The first caller makes it; f is called once for
// a key.
func (l *lookup[K, V]) get(key K, f func() V) V {
	if known := l.known.Load(); known != nil {
		if v, ok := (*known)[key]; ok {
			return v
		}
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	grown := map[K]V{}
	if known := l.known.Load(); known != nil {
		if v, ok := (*known)[key]; ok {
			return v // somebody else made it meanwhile
		}
		grown = maps.Clone(*known)
	}
	v := f()
	grown[key] = v
	l.known.Store(&grown)
	return v
}
