// Command bench is what the benchmarks compare PocketDesk with: plain
// PocketBase on a folder that PocketDesk has migrated, with the same SQLite
// settings, but without PocketDesk's hooks. bench.sh beside it runs the whole.
//
//	bench serve --dir FOLDER --http 127.0.0.1:8091  collection bench_plain, and POST /bench/set
//	bench fill --dir FOLDER --cases 1000000         the desk of many years
//	bench pages URL                                 times of the Desk's lists
//	bench screens URL --day 600                     times of its screens in Chromium
//	bench first BINARY FOLDER                       start to first answer, idle memory
package main

import (
	"log"
	"strings"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase"
	"github.com/pocketbase/pocketbase/core"
)

func main() {
	app := pocketbase.NewWithConfig(pocketbase.Config{DefaultDataDir: "pb_data", DBConnect: connect})
	app.OnServe().BindFunc(func(e *core.ServeEvent) error {
		if err := makePlain(e.App); err != nil {
			return err
		}
		e.Router.POST("/bench/set", saveSet)
		return e.Next()
	})
	app.RootCmd.AddCommand(firstCommand(), fillCommand(app), pagesCommand(), screensCommand())
	if err := app.Start(); err != nil {
		log.Fatal(err)
	}
}

// connect opens SQLite as PocketDesk's binary does.
func connect(path string) (*dbx.DB, error) {
	if !strings.HasSuffix(path, "data.db") {
		return core.DefaultDBConnect(path)
	}
	return dbx.Open("sqlite", path+"?_pragma=busy_timeout(10000)&_pragma=journal_mode(WAL)&_pragma=journal_size_limit(200000000)"+
		"&_pragma=synchronous(FULL)&_pragma=foreign_keys(ON)&_pragma=temp_store(MEMORY)&_pragma=cache_size(-32000)")
}
