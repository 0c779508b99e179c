package hooks

import (
	"os"
	"strings"
	"testing"
	"time"

	"github.com/pocketbase/pocketbase/core"
)

// BenchmarkTicks tells how long each job of every minute takes on the data folder
// that POCKETDESK_FOLDER names, which it migrates, and where it does what is due:
// give it a copy. The first round of each finds the most.
//
//	POCKETDESK_FOLDER=/copy go test ./hooks -run none -bench Ticks -benchtime 3x
func BenchmarkTicks(b *testing.B) {
	dir := os.Getenv("POCKETDESK_FOLDER")
	if dir == "" {
		b.Skip("POCKETDESK_FOLDER names no data folder")
	}
	app := core.NewBaseApp(core.BaseAppConfig{DataDir: dir})
	MustRegister(app, nil, Config{})
	if err := app.Bootstrap(); err != nil {
		b.Fatal(err)
	}
	defer app.ResetBootstrapState()
	if err := app.RunAllMigrations(); err != nil {
		b.Fatal(err)
	}
	for _, job := range app.Cron().Jobs() {
		if job.Expression() != "* * * * *" || !strings.HasPrefix(job.Id(), "pocketdesk.") {
			continue
		}
		b.Run(job.Id(), func(b *testing.B) {
			worst := time.Duration(0)
			for b.Loop() {
				begin := time.Now()
				job.Run()
				worst = max(worst, time.Since(begin))
			}
			b.ReportMetric(float64(worst.Microseconds())/1000, "worst-ms")
		})
	}
}
