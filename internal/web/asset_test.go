package web

import (
	"fmt"
	"maps"
	"math"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

func TestAssets(t *testing.T) {
	t.Parallel()
	b := setup(t)
	page := b.get("/session").want(200).Body.String()
	links := regexp.MustCompile(`/assets/[^"]+`).FindAllString(page, -1)
	if len(links) < 2 {
		t.Fatalf("the page loads %q", links)
	}
	for _, link := range links {
		w := b.get(link).want(200)
		if got := w.Header().Get("Cache-Control"); got != "public, max-age=31536000, immutable" {
			t.Errorf("%s: Cache-Control is %q", link, got)
		}
		if got := w.Header().Get("Content-Type"); got != "image/svg+xml" && got != "text/css; charset=utf-8" {
			t.Errorf("%s: Content-Type is %q", link, got)
		}
	}
	w := b.get("/assets/style-0123456789abcdef.css").want(404)
	if got := w.Header().Get("Cache-Control"); got != "no-store" {
		t.Errorf("a missing file: Cache-Control is %q", got)
	}
	b.get("/assets/..%2ftemplates%2flayout.html").want(404)
}

// readable is the colours of texts and what is behind them.
var readable = [][2]string{
	{"ink", "page"},
	{"ink", "paper"},
	{"ink", "excluded-back"},
	{"soft", "page"},
	{"soft", "paper"},
	{"link", "page"},
	{"link", "paper"},
	{"button-ink", "button"},
	{"pass", "pass-back"},
	{"fail", "fail-back"},
	{"unknown", "unknown-back"},
	{"excluded", "excluded-back"},
}

func TestColoursCanBeRead(t *testing.T) {
	t.Parallel()
	css, err := assetFiles.ReadFile("assets/style.css")
	if err != nil {
		t.Fatal(err)
	}
	parts := strings.SplitN(string(css), "prefers-color-scheme: dark", 2)
	light := colours(parts[0])
	dark := colours(parts[0])
	maps.Copy(dark, colours(parts[1]))
	for scheme, palette := range map[string]map[string]string{"light": light, "dark": dark} {
		for _, pair := range readable {
			const least = 4.5 // WCAG 2.2, AA, for text of usual size
			if c := contrast(t, palette[pair[0]], palette[pair[1]]); c < least {
				t.Errorf("%s: %s on %s has a contrast of %.2f, want %.1f", scheme, pair[0], pair[1], c, least)
			}
		}
	}
}

var colourLine = regexp.MustCompile(`--([a-z-]+): #([0-9a-f]{3}|[0-9a-f]{6});`)

func colours(css string) map[string]string {
	out := map[string]string{}
	for _, m := range colourLine.FindAllStringSubmatch(css, -1) {
		out[m[1]] = m[2]
	}
	return out
}

// contrast is the contrast ratio of two colours.
func contrast(t *testing.T, a, b string) float64 {
	t.Helper()
	x, y := luminance(t, a), luminance(t, b)
	return (max(x, y) + 0.05) / (min(x, y) + 0.05)
}

func luminance(t *testing.T, hex string) float64 {
	t.Helper()
	if len(hex) == 3 {
		hex = fmt.Sprintf("%c%[1]c%c%[2]c%c%[3]c", hex[0], hex[1], hex[2])
	}
	sum := 0.0
	for i, weight := range []float64{0.2126, 0.7152, 0.0722} {
		n, err := strconv.ParseUint(hex[2*i:2*i+2], 16, 8)
		if err != nil {
			t.Fatalf("colour %q: %v", hex, err)
		}
		c := float64(n) / 255
		if c <= 0.04045 {
			c /= 12.92
		} else {
			c = math.Pow((c+0.055)/1.055, 2.4)
		}
		sum += weight * c
	}
	return sum
}
