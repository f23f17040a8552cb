package page_test

import (
	"bufio"
	"context"
	"encoding/json"
	"io"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"
)

// A browser is a headless Chromium, spoken to over a pipe.
type browser struct {
	t       *testing.T
	to      io.Writer
	from    *bufio.Reader
	session string // of the tab
	calls   int
	events  []event
}

type event struct {
	ID     int             `json:"id"`
	Method string          `json:"method"`
	Params json.RawMessage `json:"params"`
	Result json.RawMessage `json:"result"`
	Error  *struct {
		Message string `json:"message"`
	} `json:"error"`
}

// openBrowser opens an empty tab; the test is skipped where there is no browser.
func openBrowser(t *testing.T) *browser {
	t.Helper()
	b := &browser{t: t}
	b.start(program(t))
	var target struct{ TargetID, SessionID string }
	b.into(&target, "Target.createTarget", map[string]any{"url": "about:blank"})
	b.into(&target, "Target.attachToTarget", map[string]any{"targetId": target.TargetID, "flatten": true})
	b.session = target.SessionID
	for _, domain := range []string{"Page", "Network", "Runtime", "Log"} {
		b.call(domain+".enable", nil)
	}
	return b
}

func program(t *testing.T) string {
	t.Helper()
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome", "google-chrome-stable"} {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	t.Skip("no chromium and no google-chrome is installed")
	return ""
}

// start runs the program with a profile of its own, until the test is over.
func (b *browser) start(program string) {
	b.t.Helper()
	profile, err := os.MkdirTemp("", "aifinops-page")
	if err != nil {
		b.t.Fatal(err)
	}
	theirs, to, err := os.Pipe()
	if err != nil {
		b.t.Fatal(err)
	}
	from, answers, err := os.Pipe()
	if err != nil {
		b.t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	cmd := exec.CommandContext(ctx, program, "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
		"--disable-component-update", "--disable-sync", "--disable-dev-shm-usage", "--remote-debugging-pipe", "--user-data-dir="+profile, "about:blank")
	cmd.ExtraFiles = []*os.File{theirs, answers}
	if err := cmd.Start(); err != nil {
		b.t.Fatal(err)
	}
	_, _ = theirs.Close(), answers.Close()
	b.to, b.from = to, bufio.NewReader(from)
	b.t.Cleanup(func() {
		b.session = ""
		b.send("Browser.close", nil)
		_, _ = io.Copy(io.Discard, b.from)
		_ = cmd.Wait()
		cancel()
		_, _ = to.Close(), from.Close()
		_ = os.RemoveAll(profile) // its helpers may still write there
	})
}

// call waits for the answer; what else the browser says meanwhile is kept as events.
func (b *browser) call(method string, params any) json.RawMessage {
	b.t.Helper()
	b.send(method, params)
	for {
		e := b.next()
		if e.ID != b.calls {
			b.events = append(b.events, e)
			continue
		}
		if e.Error != nil {
			b.t.Fatalf("%s: %s", method, e.Error.Message)
		}
		return e.Result
	}
}

func (b *browser) send(method string, params any) {
	b.t.Helper()
	b.calls++
	message := map[string]any{"id": b.calls, "method": method}
	if params != nil {
		message["params"] = params
	}
	if b.session != "" {
		message["sessionId"] = b.session
	}
	text, err := json.Marshal(message)
	if err != nil {
		b.t.Fatal(err)
	}
	if _, err := b.to.Write(append(text, 0)); err != nil {
		b.t.Fatal(err)
	}
}

func (b *browser) next() event {
	b.t.Helper()
	text, err := b.from.ReadBytes(0)
	if err != nil {
		b.t.Fatalf("chromium went away: %v", err)
	}
	var e event
	if err := json.Unmarshal(text[:len(text)-1], &e); err != nil {
		b.t.Fatal(err)
	}
	return e
}

func (b *browser) into(result any, method string, params any) {
	b.t.Helper()
	if err := json.Unmarshal(b.call(method, params), result); err != nil {
		b.t.Fatal(err)
	}
}

// load opens a file and waits until it is there, with its scripts run.
func (b *browser) load(path string) {
	b.t.Helper()
	b.events = nil
	b.call("Page.navigate", map[string]any{"url": "file://" + path})
	for _, e := range b.events {
		if e.Method == "Page.loadEventFired" {
			return
		}
	}
	for {
		e := b.next()
		b.events = append(b.events, e)
		if e.Method == "Page.loadEventFired" {
			return
		}
	}
}

// eval is the value of an expression in the page, once two frames have been drawn: what waits for a change of size has seen it.
func (b *browser) eval(result any, expression string) {
	b.t.Helper()
	var answer struct {
		Result           struct{ Value json.RawMessage }
		ExceptionDetails *struct{ Text string }
	}
	b.into(&answer, "Runtime.evaluate", map[string]any{"awaitPromise": true, "returnByValue": true,
		"expression": "new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done))).then(() => (" + expression + "))"})
	if answer.ExceptionDetails != nil {
		b.t.Fatalf("%s: %s", expression, answer.ExceptionDetails.Text)
	}
	if err := json.Unmarshal(answer.Result.Value, result); err != nil {
		b.t.Fatalf("%s: %v", expression, err)
	}
}

// window is a screen of that width, in a theme.
func (b *browser) window(width int, theme string) {
	b.call("Emulation.setDeviceMetricsOverride", map[string]any{"width": width, "height": 800, "deviceScaleFactor": 1, "mobile": width < 500})
	b.call("Emulation.setEmulatedMedia", map[string]any{"media": "", "features": []map[string]string{{"name": "prefers-color-scheme", "value": theme}}})
}

// complaints is what the page wrote on the console, threw or was refused.
func (b *browser) complaints() (all []string) {
	for _, e := range b.events {
		switch e.Method {
		case "Runtime.consoleAPICalled", "Runtime.exceptionThrown", "Log.entryAdded":
			all = append(all, e.Method+" "+string(e.Params))
		}
	}
	return all
}

// requests is what the page asked for beside itself.
func (b *browser) requests(path string) (all []string) {
	for _, e := range b.events {
		var params struct{ Request struct{ URL string } }
		if e.Method != "Network.requestWillBeSent" || json.Unmarshal(e.Params, &params) != nil {
			continue
		}
		if url := params.Request.URL; !strings.HasPrefix(url, "data:") && url != "file://"+path {
			all = append(all, url)
		}
	}
	return all
}
