package roster

// NewSearching gives a roster of nobody that looks texts up in an index from so
// many people on, and puts so many changed rows together in a part of it.
// Replace keeps neither.
func NewSearching(from, most int) *Roster {
	r := New()
	r.s.people.grams.from, r.s.people.grams.most = from, most
	return r
}

// Kept tells which lists of personnel and accounts are kept, as keys that only
// tests compare.
func (r *Roster) Kept() map[any]bool {
	r.mu.RLock()
	defer r.mu.RUnlock()
	kept := map[any]bool{}
	for _, l := range r.s.people.lists {
		kept[l] = true
	}
	for _, a := range r.s.accounts {
		for _, l := range a.lists {
			kept[l] = true
		}
	}
	return kept
}

// Hold takes the turn, as somebody does who looks at many records, until the
// function is called that it gives.
func (r *Roster) Hold() (release func()) {
	r.turn.change()
	return r.turn.done
}
