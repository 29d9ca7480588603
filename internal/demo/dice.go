package demo

import (
	"math/rand/v2"
	"time"
)

// topic parts the chances of one person: what is drawn for one topic does not
// move what is drawn for another, so that each can be drawn again by itself.
type topic uint64

const (
	topicStatus topic = iota + 1
	topicProfile
	topicCulture
	topicConduct
	topicMembership
	topicIdentityID
	topicEntryID
	topicPerson
	topicIdentity
	topicDevice
	topicDeviceSource
	topicBackground
	topicBackgroundType
	topicDocument
	topicTraining
	topicSource
	topicAccount
	topicAccountConnection
	topicStray
	topicGroup
	topicConnection
	topicPolicy
	topicExclusion
	topicLocation
	topicApp
)

// mix is a bijection on 64 bits (the finalizer of SplitMix64): different
// inputs give different outputs that look unrelated.
func mix(x uint64) uint64 {
	x += 0x9E3779B97F4A7C15
	x = (x ^ x>>30) * 0xBF58476D1CE4E5B9
	x = (x ^ x>>27) * 0x94D049BB133111EB
	return x ^ x>>31
}

// salt is the seed of one topic.
func (c *Company) salt(t topic) uint64 { return mix(c.seed ^ mix(uint64(t))) }

// number is a 64-bit number for the n-th thing of the topic; it is different
// for every n.
func (c *Company) number(t topic, n int) uint64 { return mix(c.salt(t) ^ uint64(n)) }

// dice is a source of chance for the n-th thing of the topic.
func (c *Company) dice(t topic, n int) dice {
	salt := c.salt(t)
	return dice{rand.New(rand.NewPCG(salt, mix(salt^uint64(n))))} //nolint:gosec // chance that can be repeated is the point; no secret is made of it
}

// largestDeck bounds what deal deals from.
const largestDeck = 64

// deal gives the n-th card of an endless deck of the cards 0..size-1: every
// run of size cards that starts at a multiple of size holds each card once,
// shuffled anew. So rare values are sure to occur, and do so evenly.
func (c *Company) deal(t topic, n, size int) int {
	var deck [largestDeck]uint8
	for i := range size {
		deck[i] = uint8(i)
	}
	place, r := n%size, c.salt(t)^^uint64(n/size)
	for i := size - 1; i >= place && i > 0; i-- { // below place, the shuffle no longer moves it
		r = mix(r)
		j := int(r % uint64(i+1))
		deck[i], deck[j] = deck[j], deck[i]
	}
	return int(deck[place])
}

type dice struct{ rng *rand.Rand }

// below is a number from 0 to n-1.
func (d dice) below(n int) int { return d.rng.IntN(n) }

// percent is true in p of 100 cases.
func (d dice) percent(p int) bool { return d.rng.IntN(100) < p }

// days is a duration of up to n days, in whole milliseconds.
func (d dice) days(n int) time.Duration {
	return time.Duration(d.rng.Int64N(int64(n)*24*60*60*1000)) * time.Millisecond
}

// between is an instant from lo to hi, on a whole millisecond; lo where hi is
// not later.
func (d dice) between(lo, hi time.Time) time.Time {
	span := hi.Sub(lo).Milliseconds()
	if span <= 0 {
		return lo
	}
	return lo.Add(time.Duration(d.rng.Int64N(span)) * time.Millisecond)
}

// pick is one of xs, which must not be empty.
func pick[T any](d dice, xs []T) T { return xs[d.rng.IntN(len(xs))] }

// maybe is v in p of 100 cases, otherwise nothing.
func maybe[T any](d dice, p int, v T) *T {
	if d.percent(p) {
		return &v
	}
	return nil
}

// earlier is the earlier of two instants.
func earlier(a, b time.Time) time.Time {
	if b.Before(a) {
		return b
	}
	return a
}

// later is the later of two instants.
func later(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}

// choose is the conditional expression that Go has not.
func choose[T any](cond bool, yes, no T) T {
	if cond {
		return yes
	}
	return no
}
