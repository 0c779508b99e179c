// Package pb_migrations holds PocketDesk's schema as PocketBase migrations in
// Go. A host gets them by registering the plugin; each file is one subject and
// is not edited once it has landed.
package pb_migrations

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/types"

	"github.com/pocketdesk/pocketdesk/internal/desk"
)

// add registers one migration under the name of the file that calls it.
//
// A host that only imports the plugin, or whose collections clash with ours,
// must start all the same: then the migration does nothing, and is applied
// again at a later start once our schema may be made.
func add(up func(core.App) error) {
	_, path, _, _ := runtime.Caller(1)
	file := filepath.Base(path)
	core.AppMigrations.Add(&core.Migration{
		File: file,
		Up: func(app core.App) error {
			if !desk.Installable(app) {
				return skip(app, file)
			}
			if err := desk.Recheck(app); err != nil {
				fmt.Fprintln(os.Stderr, err)
				return skip(app, file)
			}
			if err := up(app); err != nil {
				return err
			}
			return unskip(app, file)
		},
		Down: func(core.App) error {
			return errors.New("PocketDesk's schema holds what visitors sent and is not taken back; restore a backup instead")
		},
		ReapplyCondition: func(app core.App, _ *core.MigrationsRunner, _ string) (bool, error) {
			if !desk.Installable(app) || desk.Fresh(app) {
				return desk.Installable(app), nil
			}
			return skipped(app, file)
		},
	})
}

// Again takes migrations that did nothing at an earlier start out of the
// history, so that they run at this one. PocketBase asks a migration's
// ReapplyCondition under "migrate up" only: serve runs a copy without it.
// Call it before any migration runs.
func Again(app core.App) error {
	for _, m := range core.AppMigrations.Items() {
		if m.ReapplyCondition == nil || !strings.Contains(m.File, "_pocketdesk_") {
			continue // the host's
		}
		again, err := m.ReapplyCondition(app, nil, m.File)
		if err != nil {
			return err
		}
		if !again {
			continue
		}
		if _, err := app.NonconcurrentDB().Delete(core.DefaultMigrationsTable, dbx.HashExp{"file": m.File}).Execute(); err != nil {
			return fmt.Errorf("history of %s: %w", m.File, err)
		}
	}
	return nil
}

// table starts a collection with our fixed id, the host's prefix and no API access.
func table(app core.App, id string, fields ...core.Field) *core.Collection {
	c := core.NewBaseCollection(desk.PlannedName(app, id), id)
	fill(c, fields...)
	return c
}

// named is the name that a collection has, or will have once it is made. A
// prefix that the host sets later leaves those that stand as they are; the
// cache behind [desk.Name] may not know yet what this run has made.
func named(app core.App, id string) string {
	if c, err := app.FindCollectionByNameOrId(id); err == nil {
		return c.Name
	}
	return desk.PlannedName(app, id)
}

// change loads a collection of ours, whatever its name, and saves it again.
func change(app core.App, id string, f func(c *core.Collection)) error {
	c, err := app.FindCollectionByNameOrId(id)
	if err != nil {
		return fmt.Errorf("%s: %w", id, err)
	}
	f(c)
	return app.Save(c)
}

func fill(c *core.Collection, fields ...core.Field) {
	c.Fields.Add(fields...)
	c.Fields.Add(
		&core.AutodateField{Name: "created", OnCreate: true},
		&core.AutodateField{Name: "updated", OnCreate: true, OnUpdate: true},
	)
}

func text(name string, max int, help string) *core.TextField {
	return &core.TextField{Name: name, Max: max, Help: help}
}

func required(f *core.TextField) *core.TextField {
	f.Required = true
	return f
}

func presentable(f *core.TextField) *core.TextField {
	f.Presentable = true
	return f
}

func hidden(f *core.TextField) *core.TextField {
	f.Hidden = true
	return f
}

func flag(name, help string) *core.BoolField { return &core.BoolField{Name: name, Help: help} }

func number(name, help string) *core.NumberField { return &core.NumberField{Name: name, Help: help} }

func whole(name, help string) *core.NumberField {
	return &core.NumberField{Name: name, OnlyInt: true, Help: help}
}

func date(name, help string) *core.DateField { return &core.DateField{Name: name, Help: help} }

func object(name string, max int64, help string) *core.JSONField {
	return &core.JSONField{Name: name, MaxSize: max, Help: help}
}

func choice(name, help string, values ...string) *core.SelectField {
	return &core.SelectField{Name: name, MaxSelect: 1, Values: values, Help: help}
}

func relation(name, to, help string) *core.RelationField {
	return &core.RelationField{Name: name, CollectionId: to, MaxSelect: 1, Help: help}
}

func files(name string, max int, help string) *core.FileField {
	return &core.FileField{
		Name: name, MaxSelect: max, MaxSize: 10 << 20, MimeTypes: desk.FileTypes(), Protected: true, Help: help,
	}
}

// index adds an index whose name is stable under a host's prefix.
func index(c *core.Collection, name, columns, where string) {
	c.AddIndex("idx_"+c.Id+"_"+name, false, columns, where)
}

func unique(c *core.Collection, name, columns, where string) {
	c.AddIndex("idx_"+c.Id+"_"+name, true, columns, where)
}

func rule(s string) *string { return types.Pointer(s) }

// Rules by role. A superuser passes every rule by PocketBase's own design.
const (
	staff     = `@request.auth.collectionId = "` + desk.Agents + `" && @request.auth.role != ""`
	working   = staff + ` && @request.auth.role != "integration"`
	adminOnly = `@request.auth.collectionId = "` + desk.Agents + `" && @request.auth.role = "admin"`
)

// ofTeam narrows a rule to the cases that an agent may see: those of the own
// team and those without one. path leads from the collection to its case.
func ofTeam(who, path string) *string {
	return rule(fmt.Sprintf(`%s && (@request.auth.role != "agent" || %steam = "" || %steam = @request.auth.team)`, who, path, path))
}

// ofTeamVia is ofTeam for records that a case points to; one without a case is for all staff.
func ofTeamVia(app core.App, who, path string) *string {
	back := path + named(app, desk.Cases) + "_via_feedback."
	return rule(fmt.Sprintf(`%s && (@request.auth.role != "agent" || %steam ?= "" || %steam ?= @request.auth.team)`, who, back, back))
}

// staffReads is the rule set of what admins keep and all staff may read.
func staffReads(c *core.Collection) {
	c.ListRule, c.ViewRule = rule(staff), rule(staff)
	c.CreateRule, c.UpdateRule, c.DeleteRule = rule(adminOnly), rule(adminOnly), rule(adminOnly)
}
