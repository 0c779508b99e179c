package merging_test

import (
	"encoding/json"
	"errors"
	"maps"
	"os"
	"slices"
	"testing"

	"github.com/pocketbase/pocketbase/core"

	"github.com/pocketdesk/pocketdesk/internal/desk"
	"github.com/pocketdesk/pocketdesk/internal/desk/casework"
	"github.com/pocketdesk/pocketdesk/internal/desk/desktest"
	"github.com/pocketdesk/pocketdesk/internal/desk/merging"
	"github.com/pocketdesk/pocketdesk/internal/desk/tracking"
)

func TestMain(m *testing.M) { os.Exit(desktest.Main(m)) }

// bench is a shop with the station under test.
type bench struct {
	*desktest.App
	*testing.T
	station *merging.Station
	tracker *tracking.Tracker
	agent   *desk.Agent // sees all
}

func newBench(t *testing.T) *bench {
	app := desktest.New(t)
	b := &bench{App: app, T: t, agent: app.Agent(desk.RoleSupervisor, "")}
	b.station = &merging.Station{Commit: app.Commit}
	b.tracker = &tracking.Tracker{Commit: app.Commit, Hear: func(tx core.App, w tracking.Word) error {
		return app.Work.Hear(tx, casework.Heard{Case: w.Case, Message: w.Message, Solved: w.Solved, Channel: desk.ChannelPage})
	}}
	return b
}

// again reads a case again.
func (b *bench) again(c *desk.Case) *desk.Case {
	b.Helper()
	return desk.AsCase(b.Find(desk.Cases, c.Id))
}

// set changes a case as staff do: its next due follows.
func (b *bench) set(c *desk.Case, v desktest.Values) {
	b.Helper()
	now := b.again(c)
	for name, value := range v {
		now.Set(name, value)
	}
	now.Touch()
	b.Put(now.Record, nil)
}

func (b *bench) merge(kind, source, target string) *merging.Done {
	b.Helper()
	done, err := b.station.Merge(b.agent, merging.Request{Kind: kind, Source: source, Target: target})
	if err != nil {
		b.Fatalf("merge: %v", err)
	}
	return done
}

func (b *bench) undo(id string) *merging.Unmerged {
	b.Helper()
	out, err := b.station.Undo(b.agent, id)
	if err != nil {
		b.Fatalf("undo: %v", err)
	}
	return out
}

// refused wants a verb to be refused with a code.
func (b *bench) refused(err error, code string) {
	b.Helper()
	var r *merging.Refusal
	if !errors.As(err, &r) || r.Code != code {
		b.Errorf("%v, want it refused as %s", err, code)
	}
}

// words are the bodies of a case's messages, in order.
func (b *bench) words(c *desk.Case) (out []string) {
	b.Helper()
	for _, m := range b.All(desk.Messages, desktest.Values{"case": c.Id}) {
		if m.GetString("channel") != desk.ChannelSystem && m.GetString("template") == "" {
			out = append(out, m.GetString("body"))
		}
	}
	return out
}

// page is what the holder of a case's link reads; nil where it shows nothing.
func (b *bench) page(c *desk.Case) (out []string) {
	b.Helper()
	seen, err := tracking.Find(b.App.BaseApp, c.TrackToken())
	if err != nil {
		if !errors.Is(err, tracking.ErrJoined) {
			b.Fatalf("page: %v", err)
		}
		return nil
	}
	for _, m := range seen.Messages {
		out = append(out, m.Body())
	}
	return out
}

// rows are all records but merges, by id, without what tells that they were
// touched, and without the lines of the audit trail that say that they were merged.
func (b *bench) rows() map[string]string {
	b.Helper()
	out := map[string]string{}
	for _, collection := range desk.Collections() {
		if collection == desk.Merges {
			continue
		}
		for _, r := range b.All(collection, nil) {
			switch r.GetString("kind") {
			case desk.EventMerged, desk.EventUnmerged, desk.EventSplit:
				if collection == desk.Events {
					continue
				}
			}
			r.IgnoreEmailVisibility(true)
			r.Unhide(r.Collection().Fields.FieldNames()...)
			m := r.PublicExport()
			delete(m, "updated")
			delete(m, "version")
			raw, err := json.Marshal(m)
			if err != nil {
				b.Fatal(err)
			}
			out[r.Id] = string(raw)
		}
	}
	return out
}

// same compares two states of the shop.
func (b *bench) same(before, after map[string]string, but ...string) {
	b.Helper()
	for _, id := range slices.Sorted(maps.Keys(before)) {
		if before[id] != after[id] && !slices.Contains(but, id) {
			b.Errorf("it was\n%s\nand is\n%s", before[id], after[id])
		}
	}
	for id, row := range after {
		if _, ok := before[id]; !ok && !slices.Contains(but, id) {
			b.Errorf("new: %s", row)
		}
	}
}
