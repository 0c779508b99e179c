package searching

import (
	"database/sql"
	"encoding/json"
	"errors"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"github.com/pocketdesk/pocketdesk/internal/desk"
)

// progress is how far the index was filled; it is kept beside the index.
type progress struct {
	Version string           `json:"version"`
	Done    bool             `json:"done"`
	Next    int64            `json:"next"`  // the id that the next older document gets
	Total   int              `json:"total"` // records to look at
	Count   int              `json:"count"` // looked at
	At      map[string]int64 `json:"at"`    // by collection: rows from here on were looked at
}

const progressName = "progress"

func loadProgress(db dbx.Builder) (*progress, error) {
	var raw string
	err := db.NewQuery("SELECT value FROM " + desk.SearchState + " WHERE name = {:name}").Bind(dbx.Params{"name": progressName}).Row(&raw)
	if errors.Is(err, sql.ErrNoRows) {
		return &progress{}, nil
	}
	if err != nil {
		return nil, err
	}
	p := &progress{}
	if json.Unmarshal([]byte(raw), p) != nil {
		return &progress{}, nil // it is made anew
	}
	return p, nil
}

func (p *progress) save(tx core.App) error {
	raw, err := json.Marshal(p)
	if err != nil {
		return err
	}
	_, err = desk.Exec(tx, "INSERT OR REPLACE INTO "+desk.SearchState+" (name, value) VALUES (?, ?)", progressName, string(raw))
	return err
}

// State is what monitoring and the screens are told.
type State struct {
	State string `json:"state"` // ready, building or off
	Done  int    `json:"done"`  // records that were looked at
	Total int    `json:"total"`
}

// Look tells how far the index is.
func (x *Index) Look() (State, error) {
	if !x.ready(x.app) {
		return State{State: "off"}, nil
	}
	p, err := loadProgress(x.app.DB())
	if err != nil {
		return State{}, err
	}
	if p.Done && p.Version == version {
		return State{State: "ready", Done: p.Count, Total: p.Count}, nil
	}
	return State{State: "building", Done: p.Count, Total: max(p.Total, p.Count)}, nil
}

// Part of the index and of the records that it should have.
type Part struct {
	Records int `json:"records"`
	Indexed int `json:"indexed"`
}

// Report is what [Index.Check] found.
type Report struct {
	State
	Parts map[string]Part `json:"parts"`
	Bytes int64           `json:"bytes"` // of all tables of the index
	Sound bool            `json:"sound"` // SQLite's own look at its inner order
	OK    bool            `json:"ok"`
}

// Check compares the index with the records by number, and has SQLite look at its order.
func (x *Index) Check() (*Report, error) {
	s, err := x.Look()
	if err != nil {
		return nil, err
	}
	r := &Report{State: s, Parts: map[string]Part{}}
	if s.State == "off" {
		return r, nil
	}
	for name, q := range map[string][2]string{
		"messages":    {"SELECT COUNT(*) FROM " + table(x.app, desk.Messages) + " WHERE channel != '" + desk.ChannelSystem + "'", "kind IN (3, 4, 5)"},
		"cases":       {"SELECT COUNT(*) FROM " + table(x.app, desk.Cases), "kind = 1"},
		"submissions": {"SELECT COUNT(*) FROM " + table(x.app, desk.Feedbacks) + " f WHERE (order_no != '' OR attachments NOT IN ('', '[]')) AND EXISTS (SELECT 1 FROM " + table(x.app, desk.Cases) + " c WHERE c.feedback = f.id)", "kind = 2"},
		"contacts":    {"SELECT COUNT(*) FROM " + table(x.app, desk.Contacts), "kind = 6"},
		"identities":  {"SELECT COUNT(*) FROM " + table(x.app, desk.Identities), "kind = 7"},
	} {
		var p Part
		if err := x.app.DB().NewQuery(q[0]).Row(&p.Records); err != nil {
			return nil, err
		}
		if err := x.app.DB().NewQuery("SELECT COUNT(*) FROM " + desk.SearchDocs + " WHERE " + q[1]).Row(&p.Indexed); err != nil {
			return nil, err
		}
		r.Parts[name] = p
	}
	_, err = x.app.NonconcurrentDB().NewQuery("INSERT INTO " + desk.SearchTable + " (" + desk.SearchTable + ") VALUES ('integrity-check')").Execute()
	r.Sound = err == nil
	r.OK = r.Sound && s.State == "ready"
	for _, p := range r.Parts {
		r.OK = r.OK && p.Records == p.Indexed
	}
	r.Bytes, err = x.Bytes()
	return r, err
}

// Bytes is the size of all tables of the index; -1 where SQLite can't tell.
func (x *Index) Bytes() (int64, error) {
	var n int64
	err := x.app.DB().NewQuery("SELECT COALESCE(SUM(pgsize), 0) FROM dbstat WHERE aggregate = TRUE AND name LIKE 'pocketdesk!_search%' ESCAPE '!'").Row(&n)
	if err != nil {
		return -1, nil // built without DBSTAT
	}
	return n, nil
}
