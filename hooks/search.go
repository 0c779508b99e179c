package hooks

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"os"
	"os/signal"
	"strconv"

	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/hook"
	"github.com/spf13/cobra"

	"github.com/pocketdesk/pocketdesk/internal/desk"
	"github.com/pocketdesk/pocketdesk/internal/desk/inbox"
	"github.com/pocketdesk/pocketdesk/internal/desk/searching"
)

// startSearch makes the index, which [desk.Save] tells of new records.
func (p *plugin) startSearch() {
	p.search = searching.New(p.app, searching.Config{Commit: p.commit, Unread: inbox.Unread})
	desk.SetIndexer(p.app, p.search)
}

// bindSearch keeps the index in step with what is saved and deleted in any way,
// and answers searches.
func (p *plugin) bindSearch() {
	// one handler for all new records: see insert.go of internal/desk
	p.app.OnRecordCreateExecute(searching.Indexed()...).Bind(p.indexing("create", func(tx core.App, e *core.RecordEvent) error {
		if err := e.Next(); err != nil {
			return err
		}
		return p.search.Added(tx, e.Record)
	}))
	p.app.OnRecordUpdateExecute(searching.Indexed()...).Bind(p.indexing("update", func(tx core.App, e *core.RecordEvent) error {
		return p.search.Changing(tx, e.Record, e.Next)
	}))
	p.app.OnRecordDeleteExecute(searching.Deleted()...).Bind(p.indexing("delete", func(tx core.App, e *core.RecordEvent) error {
		if err := p.search.Deleting(tx, e.Record); err != nil {
			return err
		}
		return e.Next()
	}))
	p.app.OnServe().Bind(&hook.Handler[*core.ServeEvent]{
		Id: "pocketdesk.search",
		Func: func(e *core.ServeEvent) error {
			if p.on() {
				p.search.Start()
				e.Router.GET("/api/desk/search", p.reads(p.find))
			}
			return e.Next()
		},
	})
	p.app.OnTerminate().Bind(&hook.Handler[*core.TerminateEvent]{
		Id: "pocketdesk.search.stop",
		Func: func(e *core.TerminateEvent) error {
			if p.search != nil {
				p.search.Stop()
			}
			return e.Next()
		},
	})
}

// indexing runs a change and what it means for the index in one transaction.
func (p *plugin) indexing(what string, run func(tx core.App, e *core.RecordEvent) error) *hook.Handler[*core.RecordEvent] {
	return &hook.Handler[*core.RecordEvent]{
		Id: "pocketdesk.search." + what,
		Func: func(e *core.RecordEvent) error {
			if p.search == nil || !p.on() {
				return e.Next()
			}
			app := e.App
			defer func() { e.App = app }()
			return app.RunInTransaction(func(tx core.App) error {
				e.App = tx
				return run(tx, e)
			})
		},
	}
}

// foundCase is a row with the places where it was found.
type foundCase struct {
	inbox.Row
	Hits []searching.Hit `json:"hits"`
}

// find answers a search: in all cases that the asker may see, or inside of a queue.
func (p *plugin) find(e *core.RequestEvent, agent *desk.Agent) error {
	q := e.Request.URL.Query()
	limit, _ := strconv.Atoi(q.Get("limit"))
	question := searching.Question{Agent: agent, Text: q.Get("q"), Cursor: q.Get("cursor"), Limit: limit}
	if in := caseQuery(e); in.Narrows() {
		where, err := inbox.Narrow(p.app, agent, in)
		if err != nil {
			return viewTrouble(err)
		}
		question.Where = where
	}
	answer, err := p.search.Find(e.Request.Context(), question)
	if errors.Is(err, searching.ErrCursor) {
		return e.BadRequestError("There is no such page.", nil)
	}
	if err != nil {
		return err
	}
	ids := make([]string, len(answer.Items))
	hits := map[string][]searching.Hit{}
	for i, f := range answer.Items {
		ids[i], hits[f.Case] = f.Case, f.Hits
	}
	rows, err := inbox.Rows(p.app, agent, ids)
	if err != nil {
		return err
	}
	items := make([]foundCase, len(rows))
	for i, r := range rows {
		items[i] = foundCase{r, hits[r.ID]}
	}
	return e.JSON(http.StatusOK, map[string]any{
		"items": items, "next": answer.Next, "more": answer.More, "timed_out": answer.TimedOut, "understood": answer.Understood,
	})
}

// foundIn keeps a query for a queue to what the words of the request find in it,
// and gives the place of each. A queue has its own order; the best hundred count.
func (p *plugin) foundIn(e *core.RequestEvent, agent *desk.Agent, q *inbox.Query) (map[string][]inbox.Part, error) {
	text := e.Request.URL.Query().Get("q")
	if text == "" {
		return nil, nil
	}
	where, err := inbox.Narrow(p.app, agent, *q)
	if err != nil {
		return nil, viewTrouble(err)
	}
	answer, err := p.search.Find(e.Request.Context(), searching.Question{Agent: agent, Text: text, Limit: 100, Where: where})
	if err != nil {
		return nil, err
	}
	q.Found = []string{}
	hits := map[string][]inbox.Part{}
	for _, f := range answer.Items {
		q.Found = append(q.Found, f.Case)
		if len(f.Hits) > 0 {
			hits[f.Case] = f.Hits[0].Parts
		}
	}
	return hits, nil
}

func (p *plugin) searchCommand() *cobra.Command {
	cmd := &cobra.Command{Use: "search", Short: "Looks after the search index"}
	cmd.AddCommand(&cobra.Command{
		Use: "rebuild", Short: "Makes the search index anew from the records",
		Args: p.fails(cobra.NoArgs), SilenceUsage: true, SilenceErrors: true,
		RunE: p.fails(func(cmd *cobra.Command, _ []string) error {
			if !p.on() {
				return errNoSchema
			}
			ctx, stop := signal.NotifyContext(cmd.Context(), os.Interrupt)
			defer stop()
			state, err := p.search.Rebuild(ctx, func(s searching.State) {
				fmt.Fprintf(os.Stderr, "\r%d of %d records", s.Done, s.Total)
			})
			fmt.Fprintln(os.Stderr)
			if err != nil {
				return err
			}
			return json.NewEncoder(os.Stdout).Encode(state)
		}),
	}, &cobra.Command{
		Use: "check", Short: "Compares the search index with the records",
		Args: p.fails(cobra.NoArgs), SilenceUsage: true, SilenceErrors: true,
		RunE: p.fails(func(*cobra.Command, []string) error {
			if !p.on() {
				return errNoSchema
			}
			report, err := p.search.Check()
			if err != nil {
				return err
			}
			if err := json.NewEncoder(os.Stdout).Encode(report); err != nil || report.OK {
				return err
			}
			return errors.New("the index is not in step with the records; \"search rebuild\" makes it anew")
		}),
	})
	return cmd
}

var errNoSchema = errors.New("PocketDesk's schema is not in this data folder; run serve or migrate up first")
