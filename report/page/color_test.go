package page_test

import (
	"fmt"
	"math"
	"os"
	"regexp"
	"strings"
	"testing"
)

// TestContrast: text has 4.5 to 1 on the paper and marks 3 to 1, in light and dark.
func TestContrast(t *testing.T) {
	css, err := os.ReadFile("page.css")
	if err != nil {
		t.Fatal(err)
	}
	light, dark, ok := strings.Cut(string(css), "@media screen and (prefers-color-scheme: dark)")
	if !ok {
		t.Fatal("page.css has no dark theme")
	}
	least := map[string]float64{"ink": 4.5, "soft": 4.5, "accent": 4.5, "good": 4.5, "caution": 4.5, "bad": 4.5, "unjudged": 4.5, "neutral": 3}
	for n := range 12 {
		least[fmt.Sprintf("s%d", n+1)] = 3
	}
	for theme, text := range map[string]string{"light": light, "dark": dark} {
		colors := map[string]string{}
		for _, found := range regexp.MustCompile(`--(\w+): #([0-9a-f]{6});`).FindAllStringSubmatch(text, -1) {
			colors[found[1]] = found[2]
		}
		for name, want := range least {
			if colors[name] == "" {
				t.Errorf("%s: no --%s", theme, name)
			} else if got := contrast(t, colors[name], colors["paper"]); got < want {
				t.Errorf("%s: --%s #%s has a contrast of %.2f, less than %.1f", theme, name, colors[name], got, want)
			}
		}
	}
}

// contrast is that of WCAG 2.
func contrast(t *testing.T, a, b string) float64 {
	x, y := luminance(t, a), luminance(t, b)
	return (max(x, y) + 0.05) / (min(x, y) + 0.05)
}

func luminance(t *testing.T, color string) float64 {
	t.Helper()
	var rgb [3]int
	if _, err := fmt.Sscanf(color, "%02x%02x%02x", &rgb[0], &rgb[1], &rgb[2]); err != nil {
		t.Fatal(err)
	}
	sum := 0.0
	for i, weight := range []float64{0.2126, 0.7152, 0.0722} {
		c := float64(rgb[i]) / 255
		if c <= 0.04045 {
			c /= 12.92
		} else {
			c = math.Pow((c+0.055)/1.055, 2.4)
		}
		sum += weight * c
	}
	return sum
}
