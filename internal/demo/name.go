package demo

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"github.com/passmuster/passmuster/internal/workforce"
)

// namesource is what names of one culture are put together from.
type namesource struct {
	cards         int // share of the people, in cards of one deck
	twoFamilies   bool
	mononyms      bool // many people have one name only
	given, family string
}

// namepart is one word of a name, in NFC, with its Latin spelling.
type namepart struct{ text, latin string }

// culture is a namesource that was read.
type culture struct {
	namesource
	given, family []namepart
	latin         bool
}

// readCultures reads the lists into a deck with one entry a card.
func readCultures() (deck, latin []*culture) {
	read := func(sources []namesource, isLatin bool) {
		for _, s := range sources {
			c := &culture{namesource: s, given: readNames(s.given), family: readNames(s.family), latin: isLatin}
			for range s.cards {
				deck = append(deck, c)
			}
			if isLatin {
				latin = append(latin, c)
			}
		}
	}
	read(latinCultures, true)
	read(worldCultures, false)
	return deck, latin
}

func readNames(list string) []namepart {
	words := strings.Fields(list)
	out := make([]namepart, len(words))
	for i, w := range words {
		out[i] = readName(w)
	}
	return out
}

// readName reads "text" or "text=latin".
func readName(word string) namepart {
	text, latin, given := strings.Cut(word, "=")
	text = norm.NFC.String(strings.ReplaceAll(text, "_", " "))
	if !given {
		latin = mailbox(text)
	}
	return namepart{text, latin}
}

// unaccented spells letters that do not decompose into a letter and a mark.
var unaccented = strings.NewReplacer("ß", "ss", "ı", "i", "ø", "o", "ł", "l", "đ", "d", "ð", "d", "þ", "th",
	"æ", "ae", "œ", "oe")

// mailbox is the form of a Latin name that an e-mail address holds: lower-case
// letters, digits and hyphens.
func mailbox(s string) string {
	var b strings.Builder
	for _, r := range norm.NFD.String(unaccented.Replace(strings.ToLower(s))) {
		if r == '-' || r < unicode.MaxASCII && (unicode.IsLower(r) || unicode.IsDigit(r)) {
			b.WriteRune(r)
		}
	}
	return b.String()
}

// personName is a name: last is "" for people with one name, both are "" for
// nobody's.
type personName struct {
	first, last           string
	mailFirst, mailFamily string // as they stand in e-mail addresses
}

func nameOf(given, family namepart) personName {
	return personName{first: given.text, last: family.text, mailFirst: given.latin, mailFamily: family.latin}
}

// firstName and lastName are the parts as a record holds them.
func (n personName) firstName() *string { return text(n.first) }
func (n personName) lastName() *string  { return text(n.last) }

// full is the whole name.
func (n personName) full() string { return workforce.FullName(n.firstName(), n.lastName()) }

// text is nil for "".
func text(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}

// local is the part of the e-mail address before the "@".
func (n personName) local() string {
	if n.mailFamily == "" {
		return n.mailFirst
	}
	return n.mailFirst + "." + n.mailFamily
}

// longNameEvery is how many people there are for one with a very long name.
const longNameEvery = 60

// humanName makes the name of the n-th user.
func (c *Company) humanName(n int, d dice) personName {
	if n >= 1 && n <= lastHead {
		given, family := readName(headNames[n-1][0]), readName(headNames[n-1][1])
		return nameOf(given, family)
	}
	if n%longNameEvery == longNameEvery-1 {
		return longName(pick(d, c.latin), d)
	}
	cult := c.cultures[c.deal(topicCulture, n, len(c.cultures))]
	given, family := pick(d, cult.given), pick(d, cult.family)
	name := nameOf(given, family)
	if cult.mononyms && d.percent(40) {
		name.last, name.mailFamily = "", ""
		return name
	}
	middle, second, habit := pick(d, cult.given).text, pick(d, cult.family), d.below(100)
	switch {
	case cult.twoFamilies && habit < 70:
		name.last += " " + second.text
	case cult.latin && habit < 6 && !strings.Contains(name.last+second.text, " "):
		name.last += "-" + second.text
		name.mailFamily += "-" + second.latin
	case cult.latin && habit < 20:
		name.first += " " + middle
	case cult.latin && habit < 40:
		initial, _ := utf8.DecodeRuneInString(middle)
		name.first += " " + string(initial) + "."
	}
	return name
}

// longName makes a name of some hundred letters, as registers have them.
func longName(cult *culture, d dice) personName {
	given, family := pick(d, cult.given), pick(d, cult.family)
	name := nameOf(given, family)
	for range 4 {
		name.first += " " + pick(d, cult.given).text
		name.last += " " + pick(d, cult.family).text
	}
	return name
}

// machineName makes the name of a user who is not a person: one name.
func machineName(of string) personName {
	return personName{first: of, mailFirst: mailbox(strings.ReplaceAll(of, " ", "-"))}
}
