package service

import (
	"github.com/pocketbase/dbx"
)

// Group is how many cases share one transaction.
const Group = group

// LateQuery counts the cases that are late.
func LateQuery(s *Station) *dbx.Query { return lateQuery(s.app).Build() }

// DueQuery, OpenQuery and ReportQuery are what reads many cases.
func DueQuery(s *Station) *dbx.Query {
	return s.dueQuery("2026-11-16 01:00:00.000Z", due{"2026-01-01 00:00:00.000Z", "a"}).Build()
}

func OpenQuery(s *Station) *dbx.Query { return s.openQuery().Build() }

func ReportQuery(s *Station) *dbx.Query {
	return s.reportQuery("2026-11-16 01:00:00.000Z").Build()
}
