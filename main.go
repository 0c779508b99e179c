// Command pocketdesk is PocketDesk as one binary: the form at /, the Desk
// inside PocketBase's dashboard at /_/, data in pb_data of the working directory.
package main

import (
	"fmt"
	"log"
	"os"
	"runtime/debug"
	"strconv"
	"strings"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/plugins/migratecmd"

	pocketdesk "github.com/pocketdesk/pocketdesk/hooks"
)

func main() {
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(200) // a fifth more submissions a second for some 40 MB under load
	}
	app := pocketbase.NewWithConfig(pocketbase.Config{DefaultDataDir: "pb_data", DBConnect: connect})
	migratecmd.MustRegister(app, app.RootCmd, migratecmd.Config{Dir: "pb_migrations", TemplateLang: migratecmd.TemplateLangGo})
	pocketdesk.MustRegister(app, app.RootCmd, config())
	if pocketdesk.RunsAlone(app.RootCmd, os.Args[1:]) { // without this app, so without pb_data
		if err := app.RootCmd.Execute(); err != nil {
			fmt.Fprintln(os.Stderr, "Error:", err) // PocketBase's own writer for errors ends up on standard output
			os.Exit(1)
		}
		return
	}
	if err := app.Start(); err != nil {
		log.Fatal(err)
	}
}

// config reads what differs by machine or is secret from the environment.
func config() pocketdesk.Config {
	number := func(name string) int {
		s := os.Getenv(name)
		n, err := strconv.Atoi(s)
		if s != "" && err != nil {
			log.Fatalf("%s must be a number, not %q", name, s)
		}
		return n
	}
	return pocketdesk.Config{
		PublicPath: "/",
		DeskPath:   os.Getenv("POCKETDESK_DESK_PATH"), // "" for /desk, - for none
		PublicDir:  "pb_public",
		Secret:     os.Getenv("POCKETDESK_SECRET"),
		LLM: pocketdesk.LLM{
			BaseURL:     os.Getenv("POCKETDESK_LLM_BASE_URL"),
			APIKey:      os.Getenv("POCKETDESK_LLM_API_KEY"),
			Model:       os.Getenv("POCKETDESK_LLM_MODEL"),
			Concurrent:  number("POCKETDESK_LLM_CONCURRENT"),
			DailyBudget: number("POCKETDESK_LLM_DAILY_BUDGET"),
		},
		Captcha: pocketdesk.Captcha{
			Secret:    os.Getenv("POCKETDESK_CAPTCHA_SECRET"),
			VerifyURL: os.Getenv("POCKETDESK_CAPTCHA_VERIFY_URL"),
		},
		MemberSecret: os.Getenv("POCKETDESK_MEMBER_SECRET"),
		// the shop's own system often stands on the same machine
		LookupPrivate: os.Getenv("POCKETDESK_LOOKUP_PRIVATE") == "1",
		// so do other systems that are told of what happens
		WebhookPrivate: os.Getenv("POCKETDESK_WEBHOOK_PRIVATE") == "1",
		GeoDB:          os.Getenv("POCKETDESK_GEO_DB"),
		Secrets:        secret,
	}
}

// secret reads one of the secrets of hooks.Config.Secrets. A mailbox's stands
// under its name in capitals, with _ for all that is neither letter nor digit.
func secret(name string) string {
	if box, ok := strings.CutPrefix(name, "mailbox:"); ok {
		return os.Getenv("POCKETDESK_MAILBOX_PASSWORD_" + strings.Map(func(r rune) rune {
			if r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' {
				return r
			}
			return '_'
		}, strings.ToUpper(box)))
	}
	return os.Getenv(map[string]string{
		"inbound": "POCKETDESK_INBOUND_SECRET", "dkim": "POCKETDESK_DKIM_KEY", "sms": "POCKETDESK_SMS_SECRET",
		"sms_host": "POCKETDESK_SMS_HOST", "lookup": "POCKETDESK_LOOKUP_SECRET",
	}[name])
}

// connect opens SQLite so that what was acknowledged survives a power cut. The
// logs in auxiliary.db keep PocketBase's default: losing the last lines of a
// log loses nobody's message.
func connect(path string) (*dbx.DB, error) {
	if !strings.HasSuffix(path, "data.db") {
		return core.DefaultDBConnect(path)
	}
	return dbx.Open("sqlite", path+"?_pragma=busy_timeout(10000)&_pragma=journal_mode(WAL)&_pragma=journal_size_limit(200000000)"+
		"&_pragma=synchronous(FULL)&_pragma=foreign_keys(ON)&_pragma=temp_store(MEMORY)&_pragma=cache_size(-32000)")
}
