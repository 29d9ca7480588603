package native

import (
	"mime"
	"strconv"
	"strings"
)

// Format is a form of an answer.
type Format string

// The forms: a page, or everything as a stream of lines.
const (
	FormatJSON   Format = "json"
	FormatNDJSON Format = "ndjson"
	FormatCSV    Format = "csv"
)

// AllFormats is every form.
var AllFormats = []Format{FormatJSON, FormatNDJSON, FormatCSV}

// The media types of the streams.
const (
	typeNDJSON = "application/x-ndjson"
	typeCSV    = "text/csv"
)

var streamTypes = []string{typeNDJSON, typeCSV}

// formatOf is the form that is asked for: by the parameter, or else by the
// header Accept, whose first type of ours with the greatest weight counts. It
// is JSON for anything else, as everywhere on our wire.
func formatOf(parameter Format, accept []string) Format {
	if parameter != "" {
		return parameter
	}
	best, most := FormatJSON, 0.0
	for _, header := range accept {
		for part := range strings.SplitSeq(header, ",") {
			mediaType, params, err := mime.ParseMediaType(part)
			if err != nil {
				continue
			}
			var f Format
			switch mediaType {
			case "application/json", "application/*", "*/*":
				f = FormatJSON
			case typeNDJSON, "application/ndjson", "application/jsonl":
				f = FormatNDJSON
			case typeCSV:
				f = FormatCSV
			default:
				continue
			}
			if w := weightOf(params["q"]); w > most {
				best, most = f, w
			}
		}
	}
	return best
}

// weightOf is the q of a media range.
func weightOf(q string) float64 {
	if q == "" {
		return 1
	}
	w, err := strconv.ParseFloat(q, 64)
	if err != nil || w < 0 || w > 1 {
		return 0
	}
	return w
}
