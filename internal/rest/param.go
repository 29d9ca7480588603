package rest

// In is where a parameter travels.
type In string

// The three places.
const (
	InPath  In = "path"
	InQuery In = "query"
	InBody  In = "body"
)

// Type is the kind of a parameter's value, in the words of the published
// reference, so that the recorded table can be compared with it directly.
type Type string

// The kinds of value.
const (
	TypeNumber         Type = "number"
	TypeString         Type = "string"
	TypeBoolean        Type = "boolean"
	TypeNumbers        Type = "Array of numbers"
	TypeStrings        Type = "Array of strings"
	TypeNumberOrNull   Type = "number or null"
	TypeNumberOrString Type = "number or string"
	TypeFile           Type = "file"
	TypeObject         Type = "object"
)

// Param is one parameter as its binder line declares it. The OpenAPI document
// is made from it, and the compatible APIs compare it with the published
// reference.
type Param struct {
	Name      string // as documented, with its brackets
	In        In
	Type      Type
	Required  bool   // as documented; see [Enforced]
	Default   string // in text, also of a number; "" when there is none
	Minimum   *int64 // nil when none is documented
	Maximum   *int64 // nil when none is documented
	MaxLength int    // in characters; 0 when none is documented
	Enum      []string
	Nullable  bool   // null has a meaning of its own
	Date      bool   // the text is a date, or a time of which the date counts
	Encodes   string // the name of the file that the text has in Base64; "" for any other
	Moment    bool   // the text is a date, or an RFC 3339 time
	Extra     bool   // ours, not in the published reference
	Closed    bool   // a field of a body that has no others

	// Of an object: its members, each of which is an object with these fields.
	Keys   []string
	Fields []Param

	Accepts Accepts // what the binder lets in, where the reference is silent
}

// Accepts is what the binder accepts of a parameter, whether or not the
// published reference says so. A description of this server is made from it.
type Accepts struct {
	Required        bool  // refused when absent; see [Enforced]
	NotEmpty        bool  // an array needs an element
	NotBlank        bool  // a text needs a character that is not a space
	AnyCase         bool  // the values of Enum count in any letter case
	Least, Greatest int64 // of a number, or of each in an array
	Length          int   // of a text, in characters; 0 for what is not a free text
	Items           int   // elements of an array; 0 for what is no array
}

// Option is one property of a parameter: a bound, a default, a leniency. An
// option that means nothing for the kind of parameter is ignored.
type Option struct {
	kind optionKind
	n    int64
	s    string
}

type optionKind uint8

const (
	optMin optionKind = iota + 1
	optMax
	optDefault
	optDefaultText
	optMaxLength
	optRequired
	optEnforced
	optNotEmpty
	optCaseFold
	optUndefined
	optExtra
	optType
	optDate
)

// Min is the least value of a number.
func Min(n int64) Option { return Option{kind: optMin, n: n} }

// Max is the greatest value of a number.
func Max(n int64) Option { return Option{kind: optMax, n: n} }

// Default is the value of a number that is absent.
func Default(n int64) Option { return Option{kind: optDefault, n: n} }

// DefaultText is the value of a text or an enumeration that is absent.
func DefaultText[S ~string](s S) Option { return Option{kind: optDefaultText, s: string(s)} }

// MaxLength is the greatest length of a text, in characters.
func MaxLength(n int) Option { return Option{kind: optMaxLength, n: int64(n)} }

// Required refuses a request without the parameter; a required text is not
// empty either. Path parameters are always required.
func Required() Option { return Option{kind: optRequired} }

// Enforced refuses a request without the parameter although the published
// reference calls it optional: it is recorded as optional.
func Enforced() Option { return Option{kind: optEnforced} }

// NotEmpty refuses an array without elements.
func NotEmpty() Option { return Option{kind: optNotEmpty} }

// CaseFold accepts the values of an enumeration in any letter case.
func CaseFold() Option { return Option{kind: optCaseFold} }

// Undefined takes the text "undefined", which JavaScript clients send for a
// variable without a value, as absent.
func Undefined() Option { return Option{kind: optUndefined} }

// Extra marks a parameter that is ours and not in the published reference.
func Extra() Option { return Option{kind: optExtra} }

// As records the parameter under another type, for one whose text has a syntax
// that the handler reads itself.
func As(t Type) Option { return Option{kind: optType, s: string(t)} }

// AsDate records a text as a date, for one that the handler reads only in some
// cases.
func AsDate() Option { return Option{kind: optDate} }

// rules is the sum of a parameter's options.
type rules struct {
	min, max     int64
	hasMin       bool
	hasMax       bool
	def          int64
	defText      string
	hasDefault   bool
	maxLength    int
	required     bool // refused when absent
	onPaper      bool // documented as required
	notEmpty     bool
	caseFold     bool
	undefined    bool
	extra        bool
	date         bool
	documentedAs Type
}

func rulesOf(opts []Option) rules {
	r := rules{min: -exactLimit, max: exactLimit}
	for _, o := range opts {
		switch o.kind {
		case optMin:
			r.min, r.hasMin = o.n, true
		case optMax:
			r.max, r.hasMax = o.n, true
		case optDefault:
			r.def, r.hasDefault = o.n, true
		case optDefaultText:
			r.defText, r.hasDefault = o.s, true
		case optMaxLength:
			r.maxLength = int(o.n)
		case optRequired:
			r.required, r.onPaper = true, true
		case optEnforced:
			r.required = true
		case optNotEmpty:
			r.notEmpty = true
		case optCaseFold:
			r.caseFold = true
		case optUndefined:
			r.undefined = true
		case optExtra:
			r.extra = true
		case optType:
			r.documentedAs = Type(o.s)
		case optDate:
			r.date = true
		}
	}
	return r
}

// param is the record of a parameter with these rules.
func (r *rules) param(name string, in In, typ Type) Param {
	p := Param{
		Name: name, In: in, Type: typ, MaxLength: r.maxLength, Extra: r.extra,
		Required: r.onPaper || in == InPath, Nullable: typ == TypeNumberOrNull, Date: r.date,
		Accepts: r.accepts(in, typ),
	}
	if r.documentedAs != "" {
		p.Type = r.documentedAs
	}
	if r.hasMin {
		p.Minimum = new(r.min) // not &r.min: the rules of a request stay on the stack
	}
	if r.hasMax {
		p.Maximum = new(r.max)
	}
	switch {
	case r.hasDefault && typ == TypeNumber:
		p.Default = string(AppendInt(nil, r.def))
	case r.hasDefault:
		p.Default = r.defText
	}
	return p
}

// accepts is what a parameter with these rules lets in. Of enumerations and
// dates, the binder's methods take the length away again.
func (r *rules) accepts(in In, typ Type) Accepts {
	a := Accepts{Required: r.required || in == InPath || r.notEmpty && in == InQuery, NotEmpty: r.notEmpty, AnyCase: r.caseFold}
	switch typ {
	case TypeNumber, TypeNumberOrNull, TypeNumbers:
		a.Least, a.Greatest = r.min, r.max
	case TypeString, TypeNumberOrString:
		a.Length = textMost
		if in == InBody {
			a.Length, a.NotBlank = bodyTextMost, r.required
		}
		if r.maxLength > 0 {
			a.Length = r.maxLength
		}
	case TypeBoolean, TypeStrings, TypeFile, TypeObject:
		// Nothing but their values.
	}
	if typ == TypeNumbers || typ == TypeStrings {
		a.Items = valuesMost
		if in == InBody {
			a.Items = bodyValuesMost
		}
	}
	return a
}

// integerRule says in words which integers are accepted.
func (r *rules) integerRule() string {
	lo, hi := string(AppendInt(nil, r.min)), string(AppendInt(nil, r.max))
	switch {
	case r.hasMin && !r.hasMax && r.min >= 0:
		return "an integer of at least " + lo + " (and at most " + hi + ")"
	case r.hasMin || r.hasMax:
		return "an integer from " + lo + " to " + hi
	}
	return "an integer"
}
