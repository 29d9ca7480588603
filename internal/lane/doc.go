// Package lane is the line in which costly requests wait, so that the cheap
// ones beside them need not. It may depend on the standard library alone, knows
// nothing of HTTP and of records, and must never be asked by a read of one
// record or by a change: these only tell it that they are there.
//
// # What it bounds
//
// At most so many requests work at a time, and so many more wait; whoever comes
// after that is refused, and not at once, because who asks again at once costs
// more than who waits. While requests come beside the lane, those inside work
// for a millisecond and then rest for as long: a thread that works without a
// pause keeps a processor for some milliseconds from whatever the system would
// like to run on it, and that is what a cheap request would feel. Where nobody
// else asks for anything, nobody rests.
//
// # How it is used
//
//	pass, err := l.Enter(ctx)
//	defer pass.Leave()
//	ctx = lane.With(ctx, pass)
//	... work that calls lane.Breathe(ctx) every now and then
//	pass.Leave() // before anything is written: a client may be slow
//	pass.Charge(bytes)
//
// Long work leaves and comes back ([Pass.Again]) between its parts, and stands
// behind those who came meanwhile.
package lane
