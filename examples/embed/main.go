// Command embed is an app that existed before PocketDesk: a small magazine with
// collections of its own called categories and messages, a home page and a
// route that catches every other path. PocketDesk is added in one line, marked
// below; the rest shows that it stays out of the way.
//
//	go run ./examples/embed serve
package main

import (
	"log"
	"net/http"

	"github.com/pocketbase/pocketbase"
	"github.com/pocketbase/pocketbase/core"

	_ "github.com/pocketdesk/pocketdesk/examples/embed/migrations" // the magazine's own schema
	pocketdesk "github.com/pocketdesk/pocketdesk/hooks"
)

func main() {
	if err := newApp("desk_").Start(); err != nil {
		log.Fatal(err)
	}
}

// newApp is the magazine with PocketDesk in it.
func newApp(prefix string) *pocketbase.PocketBase {
	app := pocketbase.New()

	// PocketDesk. Its collections would be called categories and messages too,
	// so a prefix is needed here: desk_categories, desk_messages, desk_cases.
	// Without a clash of names the zero Config is enough. The visitors' pages
	// are at /support, the Desk is in the dashboard at /_/#/desk, and the
	// commands of PocketDesk stand beside the app's own.
	//
	// Call it before the app starts. PublicPath puts the pages elsewhere.
	pocketdesk.MustRegister(app, app.RootCmd, pocketdesk.Config{Prefix: prefix})

	app.OnServe().BindFunc(func(e *core.ServeEvent) error {
		e.Router.GET("/{$}", home)
		// PocketDesk's routes are more specific, so this one takes nothing from them.
		e.Router.GET("/{path...}", article)
		return e.Next()
	})
	return app
}

func home(e *core.RequestEvent) error {
	categories, err := e.App.FindAllRecords("categories") // the magazine's, not PocketDesk's
	if err != nil {
		return err
	}
	page := "<!doctype html><title>The Magazine</title><h1>The Magazine</h1><ul>"
	for _, c := range categories {
		page += "<li>" + c.GetString("title") + "</li>"
	}
	return e.HTML(http.StatusOK, page+"</ul><a href=\"/support\">Write to us</a>")
}

func article(e *core.RequestEvent) error {
	return e.String(http.StatusOK, "article "+e.Request.PathValue("path"))
}
