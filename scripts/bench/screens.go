package main

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/spf13/cobra"
)

// screensCommand opens the Desk of a filled folder in Chromium and prints how
// long its screens take, and what the page's memory does over a day.
func screensCommand() *cobra.Command {
	var day int
	c := &cobra.Command{
		Use: "screens URL", Short: "Times the Desk's screens in Chromium on a filled folder", Args: cobra.ExactArgs(1), SilenceUsage: true,
		RunE: func(_ *cobra.Command, args []string) error { return screens(args[0], day) },
	}
	c.Flags().IntVar(&day, "day", 0, "how many cases to open for a day's work; 0 leaves that out")
	return c
}

// watcher is a person at the Desk.
type watcher struct{ ctx context.Context }

func screens(base string, day int) error {
	allocator, stop := chromedp.NewContext(context.Background(), chromedp.WithAllocatorOptions(
		chromedp.NoSandbox, chromedp.DisableGPU, chromedp.WindowSize(1440, 900), chromedp.Flag("js-flags", "--expose-gc"),
		chromedp.Flag("enable-precise-memory-info", true)))
	defer stop()
	w := watcher{allocator}
	if err := w.signIn(base); err != nil {
		return err
	}
	for _, queue := range []string{"open", "waiting", "done"} {
		if err := w.time("queue "+queue+" to rows", press(queue), rowsOf(queue), rounds); err != nil {
			return err
		}
	}
	if err := w.toOpen(); err != nil {
		return err
	}
	if err := w.time("a case to its words", nextRow, caseShown, rounds); err != nil {
		return err
	}
	if err := w.cold(base); err != nil || day == 0 {
		return err
	}
	return w.day(day)
}

const (
	rounds = 15
	// the row below the active one, or the first
	nextRow   = `(()=>{ const r = [...document.querySelectorAll(".pd-row[data-id]")]; const i = r.findIndex((x) => x.classList.contains("is-active")); globalThis.wanted = r[(i + 1) % r.length].dataset.id; r[(i + 1) % r.length].click() })()`
	caseShown = `document.querySelector(".pd-row.is-active")?.dataset.id == globalThis.wanted && location.hash.includes(globalThis.wanted) && document.querySelector(".pd-case .pd-msg") && document.querySelector(".pd-case") != globalThis.before`
)

// press is the click on a queue's link.
func press(queue string) string {
	return `document.querySelector('.pd-queue[href*="queue=` + queue + `"]').click()`
}

// rowsOf is a condition: the rows on the screen are those of the queue.
func rowsOf(queue string) string {
	return `!document.querySelector(".pd-list .pd-skeletons") && document.querySelector(".pd-row[data-id]") && document.querySelector(".pd-row[data-id]").getAttribute("href").includes("queue=` + queue + `")`
}

func (w watcher) do(steps ...chromedp.Action[chromedp.Void]) error {
	for _, s := range steps {
		if err := chromedp.Do(w.ctx, s); err != nil {
			return err
		}
	}
	return nil
}

func (w watcher) signIn(base string) error {
	return w.do(
		chromedp.Navigate(base+"/_/"), chromedp.WaitVisible(`input[type="email"], input[name="identity"]`),
		chromedp.SendKeys(`input[type="email"], input[name="identity"]`, admin), chromedp.SendKeys(`input[type="password"]`, password+"\r"),
		chromedp.WaitVisible(`a[href="#/desk"]`), chromedp.Click(`a[href="#/desk"]`), chromedp.WaitVisible(".pd-row[data-id]"),
	)
}

func (w watcher) toOpen() error {
	_, err := w.once(press("open"), rowsOf("open"))
	return err
}

// once does something and waits, frame by frame, until a condition holds: milliseconds.
func (w watcher) once(act, shown string) (float64, error) {
	script := `(async () => {
		globalThis.before = document.querySelector(".pd-case");
		await new Promise((ok) => requestAnimationFrame(ok));
		const begin = performance.now();
		` + act + `;
		for (;;) {
			await new Promise((ok) => { const c = new MessageChannel(); c.port1.onmessage = ok; c.port2.postMessage(0) });
			if (` + shown + `) break;
			if (performance.now() - begin > 20000) throw new Error("never shown");
		}
		document.body.offsetHeight;
		return performance.now() - begin;
	})()`
	return chromedp.Run(w.ctx, chromedp.Evaluate[float64](script, chromedp.EvalAwaitPromise))
}

func (w watcher) time(what, act, shown string, times int) error {
	var took []float64
	for range times {
		if what != "a case to its words" { // come from elsewhere each time
			if _, err := w.once(press("follow_up"), rowsOf("follow_up")); err != nil {
				return err
			}
		}
		ms, err := w.once(act, shown)
		if err != nil {
			return fmt.Errorf("%s: %w", what, err)
		}
		took = append(took, ms)
	}
	first := took[0]
	slices.Sort(took)
	fmt.Printf("%-28s first %8.1f ms   median %8.1f ms   slowest %8.1f ms\n", what, first, took[len(took)/2], took[len(took)-1])
	return nil
}

// cold loads the page anew, as in the morning.
func (w watcher) cold(base string) error {
	begin := time.Now()
	if err := w.do(chromedp.Navigate("about:blank"), chromedp.Navigate(base+"/_/#/desk?queue=open"), chromedp.Poll[chromedp.Void](rowsOf("open"))); err != nil {
		return err
	}
	fmt.Printf("%-28s %8.1f ms\n", "page loaded anew to rows", float64(time.Since(begin).Microseconds())/1000)
	return nil
}

// day opens one case after the other, goes through the queues now and then, and
// prints what the page holds after a garbage collection.
func (w watcher) day(cases int) error {
	for i := range cases {
		if i%60 == 0 {
			if err := w.toOpen(); err != nil {
				return err
			}
		}
		if i%(max(cases/8, 1)) == 0 {
			if err := w.report(i); err != nil {
				return err
			}
		}
		if _, err := w.once(nextRow, caseShown); err != nil {
			return fmt.Errorf("case %d: %w", i, err)
		}
	}
	return w.report(cases)
}

func (w watcher) report(opened int) error {
	type held struct{ MB, Nodes float64 }
	h, err := chromedp.Run(w.ctx, chromedp.Evaluate[held](`(async () => { gc(); await new Promise((ok) => setTimeout(ok, 50)); gc();
		return { MB: performance.memory.usedJSHeapSize / 1e6, Nodes: document.querySelectorAll("*").length } })()`, chromedp.EvalAwaitPromise))
	if err != nil {
		return err
	}
	fmt.Printf("after %5d cases             JavaScript holds %6.1f MB in %5.0f elements\n", opened, h.MB, h.Nodes)
	return nil
}
