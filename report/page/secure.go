package page

import (
	"crypto/sha256"
	_ "embed" // what a page is allowed to run
	"encoding/base64"
	"html/template"
	"strings"
)

var (
	//go:embed page.css
	style string

	//go:embed page.js
	script string

	//go:embed chartjs/chart.umd.min.js
	library string

	//go:embed chartjs/LICENSE.md
	licence string
)

// secure adds the style and the scripts, and a policy by which nothing else runs and no request goes out. The library, which
// is most of a page, is left out where nothing is drawn. data: is the empty icon, for which a browser would ask the server.
func (d *document) secure(drawn bool) {
	d.Style = template.HTML("<style>" + style + "</style>")
	d.Script = template.HTML("<script>" + script + "</script>")
	scripts := source(script)
	if drawn {
		chartjs := inlined()
		d.Library = template.HTML("<script>" + chartjs + "</script>")
		scripts = source(chartjs) + " " + scripts
	}
	d.Policy = "default-src 'none'; style-src " + source(style) + "; script-src " + scripts + "; img-src data:; base-uri 'none'; form-action 'none'"
}

// inlined is the library below its licence, without the reference to its source map, which developer tools would load.
func inlined() string {
	code, _, _ := strings.Cut(library, "//# sourceMappingURL=")
	return "/*!\n" + licence + "*/\n" + code
}

// source is how a policy names a script or style by what is in it.
func source(content string) string {
	sum := sha256.Sum256([]byte(content))
	return "'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'"
}
