package config

import (
	"errors"
	"fmt"
	"os"
	"strconv"
	"strings"

	"github.com/BurntSushi/toml"
)

// file is the content of a settings file; the zero value is no file.
type file struct {
	path   string
	values map[string]any
}

// readFile reads a settings file. Its errors complete "<path> …" and quote
// nothing of the content, which may hold a password.
func readFile(path string) (file, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return file{}, fmt.Errorf("cannot be read: %w", cause(err))
	}
	values := map[string]any{}
	if _, err := toml.Decode(string(text), &values); err != nil {
		var p toml.ParseError
		if errors.As(err, &p) {
			return file{}, fmt.Errorf("is not valid TOML: mistake in line %d, column %d (text values need quotes, every key may be set once)",
				p.Position.Line, p.Position.Col)
		}
		return file{}, errors.New("is not valid TOML")
	}
	return file{path: path, values: values}, nil
}

// text returns a value of the file as it would be written in a flag. The type
// must be the setting's: 0 and "0" are told apart, as everywhere in TOML.
func (k tomlKind) text(value any) (string, error) {
	switch v := value.(type) {
	case string:
		if k == tomlText {
			return v, nil
		}
	case int64:
		if k == tomlNumber {
			return strconv.FormatInt(v, 10), nil
		}
	case bool:
		if k == tomlBool {
			return strconv.FormatBool(v), nil
		}
	case []any:
		if k == tomlList {
			return joinTexts(v)
		}
	}
	return "", k.wrongType()
}

func joinTexts(list []any) (string, error) {
	items := make([]string, len(list))
	for i, item := range list {
		s, ok := item.(string)
		if !ok {
			return "", tomlList.wrongType()
		}
		items[i] = s
	}
	return strings.Join(items, ","), nil
}

func (k tomlKind) wrongType() error {
	switch k {
	case tomlNumber:
		return errors.New("must be a number without quotes")
	case tomlBool:
		return errors.New("must be true or false without quotes")
	case tomlList:
		return errors.New(`must be a list of texts, like ["10.0.0.0/8"]`)
	default:
		return errors.New("must be a text in quotes")
	}
}

// literal writes a flag's text as the TOML value that [tomlKind.text] reads back.
func (k tomlKind) literal(text string) string {
	switch k {
	case tomlNumber, tomlBool:
		return text
	case tomlList:
		if text == "" {
			return "[]"
		}
		items := strings.Split(text, ",")
		for i, item := range items {
			items[i] = strconv.Quote(item)
		}
		return "[" + strings.Join(items, ", ") + "]"
	default:
		return strconv.Quote(text)
	}
}
