package rest

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

type paint string

var paints = []paint{"RED", "BLUE"}

// boxes is what a closed body of the tests holds.
type boxes struct {
	name   Optional[string]
	size   Optional[int64]
	when   Optional[Moment]
	paints []paint
	boxes  map[paint]*bool
}

func bindBoxes(b *Binder) boxes {
	o := b.ClosedBody()
	return boxes{
		name:   o.OptionalText("name", MaxLength(5)),
		size:   OptionalNumber[int64](o, "size", Min(1), Max(9)),
		when:   o.Moment("when"),
		paints: BodyEnums(o, "paints", paints),
		boxes:  BodyObjects(o, "boxes", paints, func(o *Body) *bool { return o.Bool("full", Required()) }),
	}
}

func (b boxes) String() string {
	full := []string{}
	for _, c := range paints {
		if f, ok := b.boxes[c]; ok {
			full = append(full, fmt.Sprint(c, " ", *f))
		}
	}
	return fmt.Sprintf("%v %v %s%s %v %t %v", b.name, b.size, b.when.Value.Date, b.when.Value.Time.UTC().Format("2006-01-02T15:04:05.999"), b.paints, b.paints == nil, full)
}

func TestClosedBody(t *testing.T) {
	t.Parallel()
	const zero = "0001-01-01T00:00:00"
	for body, want := range map[string]string{
		`{}`:                        "{ false false} {0 false false} " + zero + " [] true []",
		`{"name":null,"size":null}`: "{ true true} {0 true true} " + zero + " [] true []",
		`{"name":"","paints":[]}`:   "{ true false} {0 false false} " + zero + " [] false []",
		`{"when":"2025-07-06"}`:     "{ false false} {0 false false} 2025-07-06" + zero + " [] true []",
		`{"size":9,"paints":["BLUE","RED","BLUE"],"when":"2025-07-06T01:00:00.5+02:00"}`: "{ false false} {9 true false} 2025-07-05T23:00:00.5 [BLUE RED] false []",
		`{"boxes":{"BLUE":{"full":true},"RED":{"full":false}}}`:                          "{ false false} {0 false false} " + zero + " [] true [RED false BLUE true]",
		`{"boxes":{"RED":null}}`:                     "{ false false} {0 false false} " + zero + " [] true []",
		`{"nam":"x"}`:                                "!nam is not known here: the fields are name, size, when, paints, boxes",
		`{"a\u0000b":1}`:                             "!a?b is not known here",
		`{"` + long + `":1}`:                         "!" + long[:60] + "… is not known here",
		`{"boxes":{"GREEN":{}}}`:                     "!boxes.GREEN is not known here: the fields are RED, BLUE",
		`{"boxes":{"RED":{}}}`:                       "!boxes.RED.full is required",
		`{"boxes":{"RED":[]}}`:                       "!boxes.RED must be an object",
		`{"boxes":7}`:                                "!boxes must be an object, with an object for each of RED, BLUE",
		`{"boxes":{"RED":{"full":true,"ful":true}}}`: "!boxes.RED.ful is not known here: the fields are full",
		`{"name":"123456"}`:                          "!name must have at most 5 characters",
		`{"size":0}`:                                 "!size is out of range",
		`{"size":"1"}`:                               "!size must be an integer",
		`{"paints":["GREEN"]}`:                       "!paints must be an array of RED, BLUE",
		`{"paints":[1]}`:                             "!paints must be an array of RED, BLUE",
		`{"when":7}`:                                 "!when must be a date like",
		`{"when":"2025-02-30"}`:                      "!when must be a date like",
		`{"when":"0000-01-01T00:00:00Z"}`:            "!when must be a date like",
		`{"when":"9999-12-31T23:59:59-01:00"}`:       "!when must be a date like",
	} {
		got, err := bindBody(body, bindBoxes)
		if text, refused := strings.CutPrefix(want, "!"); refused {
			if err == nil || !strings.HasPrefix(err.Error(), text) {
				t.Errorf("%s: %v, %v; want %s", body, got, err, text)
			}
			continue
		}
		if err != nil || got.String() != want {
			t.Errorf("%s: %v, %v; want %s", body, got, err, want)
		}
	}
}

var long = strings.Repeat("x", 70)

func TestRequiredInClosedBody(t *testing.T) {
	t.Parallel()
	bind := func(b *Binder) boxes {
		o := b.ClosedBody()
		return boxes{
			name: o.OptionalText("name", Required()), size: OptionalNumber[int64](o, "size", Required()),
			boxes: BodyObjects(o, "boxes", paints, func(o *Body) *bool { return o.Bool("full") }, Required()),
		}
	}
	for body, want := range map[string]string{
		`{}`:                                     "name is required; size is required; boxes is required",
		`{"name":null,"size":null,"boxes":null}`: "name must be a string; size must be an integer; boxes must be an object, with an object for each of RED, BLUE",
		`{"name":" ","size":1,"boxes":{"RED":{},"BLUE":7}}`: "name must not be empty; boxes.BLUE must be an object",
		`{"name":"a","size":1,"boxes":{"RED":{}}}`:          "boxes.BLUE is required",
	} {
		if _, err := bindBody(body, bind); err == nil || err.Error() != want {
			t.Errorf("%s: %v; want %s", body, err, want)
		}
	}
}

func TestRecordOfClosedBody(t *testing.T) {
	t.Parallel()
	params := Record(bindBoxes)
	var names []string
	for _, p := range params {
		names = append(names, p.Name)
		if !p.Closed {
			t.Errorf("%s is not recorded as closed", p.Name)
		}
	}
	last := params[len(params)-1]
	if !slices.Equal(names, []string{"name", "size", "when", "paints", "boxes"}) || !params[2].Moment || last.Type != TypeObject ||
		!slices.Equal(last.Keys, []string{"RED", "BLUE"}) || len(last.Fields) != 1 || !last.Fields[0].Closed || !last.Fields[0].Required {
		t.Errorf("recorded is %+v", params)
	}
}
