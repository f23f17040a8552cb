package cmd

import (
	"os"
	"sync"
	"time"

	"github.com/vbauerster/mpb/v8"
	"github.com/vbauerster/mpb/v8/decor"
)

// slow is how long work takes before it shows its progress.
const slow = time.Second

// progress shows on a terminal which file is being read, once the work takes longer than a moment.
func (g *globalOptions) progress() (report func(name string, n, of int), stop func()) {
	if _, ok := terminal(g.err); !ok || g.quiet || os.Getenv("TERM") == "dumb" {
		return nil, func() {}
	}
	p := &progressBar{bars: mpb.New(mpb.WithOutput(g.err), mpb.WithWidth(24), mpb.WithRefreshRate(150*time.Millisecond))}
	begin := time.AfterFunc(slow, p.show)
	return p.report, func() {
		begin.Stop()
		p.stop()
	}
}

type progressBar struct {
	sync.Mutex
	bars  *mpb.Progress
	bar   *mpb.Bar
	name  string
	n, of int
}

func (p *progressBar) show() {
	p.Lock()
	defer p.Unlock()
	p.bar = p.bars.AddBar(int64(p.of), mpb.BarRemoveOnComplete(),
		mpb.PrependDecorators(decor.Elapsed(decor.ET_STYLE_MMSS), decor.CountersNoUnit(" %d/%d ")),
		mpb.AppendDecorators(decor.Any(func(decor.Statistics) string {
			p.Lock()
			defer p.Unlock()
			return " " + p.name
		})))
	p.bar.SetCurrent(int64(p.n))
}

func (p *progressBar) report(name string, n, of int) {
	p.Lock()
	p.name, p.n, p.of = name, n, of
	bar := p.bar
	p.Unlock()
	if bar != nil {
		bar.SetCurrent(int64(n))
	}
}

func (p *progressBar) stop() {
	p.Lock()
	bar := p.bar
	p.Unlock()
	if bar != nil {
		bar.Abort(true)
	}
	p.bars.Wait()
}
